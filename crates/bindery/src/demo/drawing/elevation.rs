//! Sections, façades and details: what is seen from the side.

use super::{Drawing, Field, View};
use crate::demo::pdf::{Align, BLACK, Face, Ink, Page};
use crate::demo::rng::Rng;

pub(super) fn draw(page: &mut Page, field: Field, drawing: &Drawing, rng: &mut Rng) {
    let (names, is_section) = match drawing.view {
        View::Section => (["SEKTION A-A", "SEKTION B-B"], true),
        _ => (["FASAD MOT SÖDER", "FASAD MOT VÄSTER"], false),
    };
    let half = field.height / 2.0;
    for (index, name) in (0_u8..).zip(names) {
        let part = Field { y: field.y + half * f32::from(1 - index), height: half, ..field };
        house(page, part, drawing, is_section, rng);
        let at = (part.x, part.y + 4.0 * drawing.unit());
        page.fill(BLACK).text(Face::Bold, 3.2 * drawing.unit(), Align::Left, at, name);
    }
}

fn house(page: &mut Page, field: Field, drawing: &Drawing, is_section: bool, rng: &mut Rng) {
    let unit = drawing.unit();
    let ground = field.y + field.height * 0.2;
    let floors = 2 + rng.below(3);
    let floor_height = field.height * 0.5
        / if floors == 2 {
            2.4
        } else if floors == 3 {
            3.2
        } else {
            4.1
        };
    let width = field.width * rng.between(0.55, 0.8);
    let x = field.x + (field.width - width) / 2.0;
    page.pen(0.7, BLACK).line(field.x, ground, field.x + field.width, ground);
    let mut y = ground;
    for floor in 1..=floors {
        level(page, (x + width, y), floor - 1, unit);
        if is_section {
            page.fill(Ink::Grey(0.25)).area(x, y - 3.0 * unit, width, 3.0 * unit).fill(BLACK);
            rooms(page, (x, y, width, floor_height), unit, rng);
        } else {
            page.pen(0.13, Ink::Grey(0.6));
            let mut board = y;
            while board < y + floor_height {
                page.line(x, board, x + width, board);
                board += 3.0 * unit;
            }
            windows(page, (x, y, width, floor_height), unit);
        }
        y += floor_height;
    }
    level(page, (x + width, y), floors, unit);
    let wall = if is_section { 5.0 * unit } else { 0.5 };
    page.pen(wall.min(1.2), BLACK).line(x, ground, x, y).line(x + width, ground, x + width, y);
    let eaves = 8.0 * unit;
    let ridge = y + width * rng.between(0.06, 0.13);
    page.pen(0.7, BLACK).path(&[
        (x - eaves, y - 1.0),
        (x + width / 2.0, ridge),
        (x + width + eaves, y - 1.0),
        (x - eaves, y - 1.0),
    ]);
}

fn level(page: &mut Page, (x, y): (f32, f32), floor: usize, unit: f32) {
    let metres = [42.6, 46.2, 49.8, 53.4, 57.0][floor.min(4)];
    let at = x + 14.0 * unit;
    page.pen(0.18, BLACK).line(x + 4.0 * unit, y, at + 22.0 * unit, y);
    page.path(&[
        (at, y),
        (at - 2.0 * unit, y + 3.0 * unit),
        (at + 2.0 * unit, y + 3.0 * unit),
        (at, y),
    ]);
    let text = format!("+{metres:.2}").replace('.', ",");
    page.fill(BLACK).text(
        Face::Regular,
        2.0 * unit,
        Align::Left,
        (at + 4.0 * unit, y + unit),
        &text,
    );
}

fn rooms(page: &mut Page, (x, y, width, height): (f32, f32, f32, f32), unit: f32, rng: &mut Rng) {
    let count = 3 + u8::try_from(rng.below(3)).unwrap_or_default();
    for index in 0..count {
        let left = x + width * f32::from(index) / f32::from(count);
        if index > 0 {
            page.fill(Ink::Grey(0.25))
                .area(left - unit, y, 2.0 * unit, height - 3.0 * unit)
                .fill(BLACK);
        }
        let name = *rng.pick(&["KLASSRUM", "KORRIDOR", "KONTOR", "TRAPPHUS", "FÖRRÅD", "FLÄKTRUM"]);
        let at = (left + width / f32::from(count) / 2.0, y + height * 0.4);
        page.text(Face::Regular, 2.0 * unit, Align::Center, at, name);
    }
}

fn windows(page: &mut Page, (x, y, width, height): (f32, f32, f32, f32), unit: f32) {
    let pane = 13.0 * unit;
    let mut at = x + pane;
    while at + 2.0 * pane < x + width {
        page.fill(Ink::Rgb(0.88, 0.93, 0.97))
            .area(at, y + height * 0.3, pane, height * 0.45)
            .fill(BLACK);
        page.pen(0.3, BLACK).frame(at, y + height * 0.3, pane, height * 0.45);
        page.line(at + pane / 2.0, y + height * 0.3, at + pane / 2.0, y + height * 0.75);
        at += 2.0 * pane;
    }
}

const LAYERS: [&str; 9] = [
    "13 gips",
    "45 stålregel c 450, mineralull",
    "ångspärr 0,2",
    "170 stålregel, mineralull",
    "9 utegips",
    "28 luftspalt",
    "108 fasadtegel",
    "tätskikt enligt BBV",
    "30 avjämning, fall 1:100",
];

pub(super) fn draw_detail(page: &mut Page, field: Field, rng: &mut Rng) {
    let unit = if field.width > 400.0 { 1.6 } else { 1.0 };
    let mut x = field.x + field.width * 0.12;
    let (low, high) = (field.y + field.height * 0.15, field.y + field.height * 0.85);
    let mut notes = Vec::new();
    for _ in 0..(4 + rng.below(3)) {
        let width = rng.between(6.0, 26.0) * unit;
        let grey = rng.between(0.72, 0.97);
        page.fill(Ink::Grey(grey)).area(x, low, width, high - low).fill(BLACK);
        page.pen(0.35, BLACK).frame(x, low, width, high - low);
        if rng.chance(55) {
            hatch(page, (x, low, width, high - low), 5.0 * unit);
        }
        notes.push((x + width / 2.0, *rng.pick(&LAYERS)));
        x += width;
    }
    let column = x + 22.0 * unit;
    for (index, (from, text)) in (0_u8..).zip(notes) {
        let y = high - f32::from(index) * 9.0 * unit - 6.0 * unit;
        page.pen(0.18, BLACK).path(&[(from, y), (column - 2.0 * unit, y)]).circle(
            from,
            y,
            0.7 * unit,
        );
        page.text(Face::Regular, 2.4 * unit, Align::Left, (column, y - unit), text);
    }
    let at = (field.x, field.y + 4.0 * unit);
    page.text(Face::Bold, 3.2 * unit, Align::Left, at, &format!("DETALJ {}", 1 + rng.below(9)));
}

fn hatch(page: &mut Page, (x, y, width, height): (f32, f32, f32, f32), step: f32) {
    page.pen(0.13, Ink::Grey(0.4));
    let mut at = y;
    while at + width < y + height {
        page.line(x, at, x + width, at + width);
        at += step;
    }
}
