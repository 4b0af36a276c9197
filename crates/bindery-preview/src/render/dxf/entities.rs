//! Entities become strokes, areas and letters.

use super::curves::{self, Place, Point};
use super::groups::Group;
use super::lettering;
use super::picture::Picture;

/// One entity as it stands in the file.
#[derive(Debug, Clone)]
pub(super) struct Entity<'a> {
    pub(super) kind: &'a str,
    pub(super) groups: Vec<Group<'a>>,
    /// Vertices of a polyline, attributes of an insertion.
    pub(super) parts: Vec<Self>,
}

impl<'a> Entity<'a> {
    pub(super) fn new(kind: &'a str) -> Self {
        Self { kind, groups: Vec::new(), parts: Vec::new() }
    }

    fn group(&self, code: i32) -> Option<&Group<'a>> {
        self.groups.iter().find(|group| group.code == code)
    }

    pub(super) fn text(&self, code: i32) -> Option<&'a str> {
        self.group(code).map(|group| group.value)
    }

    pub(super) fn number(&self, code: i32) -> Option<f64> {
        self.group(code)?.number()
    }

    pub(super) fn whole(&self, code: i32) -> Option<i64> {
        self.group(code)?.whole()
    }

    /// A point: the code of its first coordinate; that of the second is ten more.
    pub(super) fn point(&self, code: i32) -> Option<Point> {
        Some((self.number(code)?, self.number(code + 10)?))
    }

    /// All points of a code, each with the bulge (42) that follows it.
    fn points(&self, code: i32) -> Vec<(Point, f64)> {
        let mut points: Vec<(Point, f64)> = Vec::new();
        for group in &self.groups {
            let Some(number) = group.number() else {
                continue;
            };
            match (group.code, points.last_mut()) {
                (first, _) if first == code => points.push(((number, 0.0), 0.0)),
                (second, Some((point, _))) if second == code + 10 => point.1 = number,
                (42, Some((_, bulge))) => *bulge = number,
                _ => {}
            }
        }
        points
    }
}

/// Draws an entity of its own; insertions are the file's matter.
pub(super) fn draw(entity: &Entity<'_>, place: &Place, colour: i64, picture: &mut Picture) {
    // Planar entities may lie on their back: x runs the other way (arbitrary axis algorithm).
    let is_mirrored = entity.number(230).is_some_and(|upward| upward < 0.0);
    let mirrored = place.then(&Place::mirror());
    let planar = if is_mirrored { &mirrored } else { place };
    match entity.kind {
        "LINE" => stroke(picture, place, colour, &ends(entity)),
        "LWPOLYLINE" => {
            let is_closed = entity.whole(70).unwrap_or_default() & 1 != 0;
            stroke(picture, planar, colour, &curves::bulged(&entity.points(10), is_closed));
        }
        "POLYLINE" => {
            stroke(picture, planar, colour, &polyline(entity));
        }
        "CIRCLE" | "ARC" | "ELLIPSE" => {
            let place = if entity.kind == "ELLIPSE" { place } else { planar };
            stroke(picture, place, colour, &round(entity).unwrap_or_default());
        }
        "SPLINE" => stroke(picture, place, colour, &spline(entity)),
        "SOLID" | "TRACE" => {
            // The third and the fourth corner are crossed.
            let corners = [10, 11, 13, 12].iter().filter_map(|code| entity.point(*code));
            picture.fill(&placed(planar, &corners.collect::<Vec<_>>()), colour);
        }
        "3DFACE" => {
            let corners = [10, 11, 12, 13, 10].iter().filter_map(|code| entity.point(*code));
            stroke(picture, place, colour, &corners.collect::<Vec<_>>());
        }
        "TEXT" | "ATTRIB" | "ATTDEF" | "MTEXT" => {
            if let Some(text) = lettering::read(entity) {
                let is_planar = entity.kind != "MTEXT";
                picture.write(text, if is_planar { planar } else { place }, colour);
            }
        }
        _ => {}
    }
}

fn stroke(picture: &mut Picture, place: &Place, colour: i64, points: &[Point]) {
    picture.stroke(&placed(place, points), colour);
}

fn placed(place: &Place, points: &[Point]) -> Vec<Point> {
    points.iter().map(|point| place.of(*point)).collect()
}

fn ends(entity: &Entity<'_>) -> Vec<Point> {
    [10, 11].iter().filter_map(|code| entity.point(*code)).collect()
}

fn polyline(entity: &Entity<'_>) -> Vec<Point> {
    const CLOSED: i64 = 1;
    const MESHES: i64 = 16 | 64;
    const CONTROL_POINT: i64 = 16;
    let flags = entity.whole(70).unwrap_or_default();
    if flags & MESHES != 0 {
        return Vec::new();
    }
    let is_shown = |part: &&Entity<'_>| part.whole(70).unwrap_or_default() & CONTROL_POINT == 0;
    let vertices = entity.parts.iter().filter(|part| part.kind == "VERTEX").filter(is_shown);
    let points: Vec<_> = vertices
        .filter_map(|part| Some((part.point(10)?, part.number(42).unwrap_or_default())))
        .collect();
    curves::bulged(&points, flags & CLOSED != 0)
}

fn round(entity: &Entity<'_>) -> Option<Vec<Point>> {
    let centre = entity.point(10)?;
    Some(match entity.kind {
        "ELLIPSE" => {
            let axis = entity.point(11)?;
            let turns = (
                entity.number(41).unwrap_or_default(),
                entity.number(42).unwrap_or(std::f64::consts::TAU),
            );
            curves::ellipse(centre, axis, entity.number(40)?, turns)
        }
        "ARC" => {
            let angle = |code| entity.number(code).unwrap_or_default().to_radians();
            let radius = entity.number(40)?;
            curves::ellipse(centre, (radius, 0.0), 1.0, (angle(50), angle(51)))
        }
        _ => curves::ellipse(centre, (entity.number(40)?, 0.0), 1.0, (0.0, std::f64::consts::TAU)),
    })
}

fn spline(entity: &Entity<'_>) -> Vec<Point> {
    let all = |code: i32| entity.points(code).into_iter().map(|(point, _)| point);
    let control: Vec<Point> = all(10).collect();
    let knots: Vec<f64> =
        entity.groups.iter().filter(|group| group.code == 40).filter_map(Group::number).collect();
    let degree = entity.whole(71).and_then(|degree| usize::try_from(degree).ok()).unwrap_or(3);
    curves::spline(&control, &knots, degree).unwrap_or_else(|| all(11).collect())
}
