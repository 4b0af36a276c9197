//! The sections of a DXF: layers, blocks and what stands in the model.

use std::collections::HashMap;

use super::curves::{Place, Point};
use super::entities::{Entity, draw};
use super::groups::{Group, groups};
use super::picture::Picture;

/// How deep blocks may hold each other.
const DEEPEST: u32 = 8;
/// Copies of a block that one insertion may make in rows and columns.
const MOST_COPIES: i64 = 10_000;

/// A read file.
#[derive(Debug, Default)]
pub(super) struct File<'a> {
    layers: HashMap<&'a str, Layer>,
    blocks: HashMap<&'a str, Block<'a>>,
    model: Vec<Entity<'a>>,
}

/// What entities of a layer look like.
#[derive(Debug, Clone, Copy)]
struct Layer {
    colour: i64,
    is_hidden: bool,
}

#[derive(Debug, Default)]
struct Block<'a> {
    base: Point,
    entities: Vec<Entity<'a>>,
}

impl<'a> File<'a> {
    /// Reads the sections.
    pub(super) fn read(text: &'a str) -> Self {
        let mut file = Self::default();
        let mut section = "";
        let mut block: Option<(&'a str, Block<'a>)> = None;
        let mut entity: Option<Entity<'a>> = None;
        for group in groups(text).chain([Group { code: 0, value: "EOF" }]) {
            if group.code != 0 {
                match (&mut entity, group.code) {
                    (Some(entity), _) => entity.groups.push(group),
                    (None, 2) if section == "?" => section = group.value,
                    _ => {}
                }
                continue;
            }
            if let Some(done) = entity.take() {
                file.take(section, &mut block, done);
            }
            match group.value {
                "SECTION" => section = "?",
                "ENDSEC" => section = "",
                "EOF" => break,
                kind if !matches!(section, "" | "?") => entity = Some(Entity::new(kind)),
                _ => {}
            }
        }
        file
    }

    fn take(&mut self, section: &str, open: &mut Option<(&'a str, Block<'a>)>, done: Entity<'a>) {
        match (section, done.kind) {
            ("TABLES", "LAYER") => {
                let flags = done.whole(70).unwrap_or_default();
                let colour = done.whole(62).unwrap_or(7);
                let is_hidden = flags & 1 != 0 || colour < 0;
                if let Some(name) = done.text(2) {
                    self.layers.insert(name, Layer { colour: colour.abs(), is_hidden });
                }
            }
            ("BLOCKS", "BLOCK") => {
                let block =
                    Block { base: done.point(10).unwrap_or_default(), entities: Vec::new() };
                *open = Some((done.text(2).unwrap_or_default(), block));
            }
            ("BLOCKS", "ENDBLK") => {
                if let Some((name, block)) = open.take() {
                    self.blocks.insert(name, block);
                }
            }
            ("BLOCKS", _) => {
                if let Some((_, block)) = open {
                    add(&mut block.entities, done);
                }
            }
            ("ENTITIES", _) => add(&mut self.model, done),
            _ => {}
        }
    }

    /// Draws the model; the paper, where the model is empty.
    pub(super) fn draw(&self, picture: &mut Picture) {
        let is_paper = |entity: &&Entity<'_>| entity.whole(67) == Some(1);
        let has_model = self.model.iter().any(|entity| !is_paper(&entity));
        let shown = self.model.iter().filter(|entity| !has_model || !is_paper(entity));
        for entity in shown {
            self.draw_entity(entity, &Place::default(), 7, 0, picture);
        }
    }

    /// `by_block`: the colour of the insertion that brought the entity here.
    fn draw_entity(
        &self,
        entity: &Entity<'_>,
        place: &Place,
        by_block: i64,
        depth: u32,
        picture: &mut Picture,
    ) {
        const BY_BLOCK: i64 = 0;
        const BY_LAYER: i64 = 256;
        let layer = entity.text(8).and_then(|name| self.layers.get(name));
        let is_hidden = entity.whole(60) == Some(1) || layer.is_some_and(|layer| layer.is_hidden);
        if is_hidden || picture.is_full() {
            return;
        }
        let colour = match entity.whole(62) {
            Some(BY_BLOCK) => by_block,
            None | Some(BY_LAYER) => layer.map_or(7, |layer| layer.colour),
            Some(own) => own.abs(),
        };
        if !matches!(entity.kind, "INSERT" | "DIMENSION") {
            draw(entity, place, colour, picture);
            return;
        }
        let Some(block) = entity.text(2).and_then(|name| self.blocks.get(name)) else {
            return;
        };
        if depth >= DEEPEST {
            return;
        }
        for inserted in insertions(entity, block.base) {
            let inner = place.then(&inserted);
            for entity in &block.entities {
                self.draw_entity(entity, &inner, colour, depth + 1, picture);
            }
        }
        for attribute in &entity.parts {
            self.draw_entity(attribute, place, colour, depth + 1, picture);
        }
    }
}

/// Adds an entity; vertices and attributes belong to the one before them.
fn add<'a>(entities: &mut Vec<Entity<'a>>, done: Entity<'a>) {
    match (done.kind, entities.last_mut()) {
        ("VERTEX" | "ATTRIB", Some(owner)) if matches!(owner.kind, "POLYLINE" | "INSERT") => {
            owner.parts.push(done);
        }
        ("SEQEND", _) => {}
        _ => entities.push(done),
    }
}

/// Where an insertion puts its block: once, or in rows and columns. Dimensions stand where they are drawn.
fn insertions(entity: &Entity<'_>, base: Point) -> Vec<Place> {
    if entity.kind == "DIMENSION" {
        return vec![Place::default()];
    }
    let number = |code, otherwise| entity.number(code).unwrap_or(otherwise);
    let count = |code| entity.whole(code).unwrap_or(1).clamp(1, MOST_COPIES);
    let (columns, rows) = (count(70), count(71));
    if columns.saturating_mul(rows) > MOST_COPIES {
        return Vec::new();
    }
    let turn = number(50, 0.0).to_radians();
    let scale = (number(41, 1.0), number(42, 1.0));
    let origin = entity.point(10).unwrap_or_default();
    let is_mirrored = entity.number(230).is_some_and(|upward| upward < 0.0);
    let mut places = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            #[expect(clippy::cast_precision_loss, reason = "at most ten thousand")]
            let shift = (column as f64 * number(44, 0.0), row as f64 * number(45, 0.0));
            let placed = Place::insertion(origin, shift, turn, scale, base);
            places.push(if is_mirrored { Place::mirror().then(&placed) } else { placed });
        }
    }
    places
}
