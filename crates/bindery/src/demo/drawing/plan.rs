//! A floor plan: grid with bubbles, outer and inner walls, windows, doors, rooms, dimensions, and the discipline's own
//! layer over it.

use super::{Drawing, Field};
use crate::demo::pdf::{Align, BLACK, Face, Ink, Page};
use crate::demo::rng::Rng;

/// A room in millimetres on the sheet.
#[derive(Debug, Clone, Copy)]
struct Room {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

const ROOMS: [&str; 16] = [
    "KONTOR",
    "KLASSRUM",
    "GRUPPRUM",
    "FÖRRÅD",
    "WC",
    "RWC",
    "STÄD",
    "PENTRY",
    "KÖK",
    "SAMTAL",
    "VILRUM",
    "KOPIERING",
    "FLÄKTRUM",
    "ELCENTRAL",
    "UNDERCENTRAL",
    "MÖTE",
];

pub(super) fn draw(page: &mut Page, field: Field, drawing: &Drawing, rng: &mut Rng) {
    let unit = drawing.unit();
    let columns = Axes::new(rng, 5, field.width - 60.0 * unit);
    let depth = (field.height - 80.0 * unit) * rng.between(0.58, 0.78);
    let rows = Axes::new(rng, 3, depth);
    let origin = (field.x + 36.0 * unit, field.y + (field.height - depth) / 2.0);
    let building =
        Room { x: origin.0, y: origin.1, width: columns.length(), height: rows.length() };
    grid(page, &building, &columns, &rows, unit);
    // Architects draw walls dark; the others show them pale beneath their own layer.
    let is_architect = matches!(drawing.discipline.0, "A" | "B");
    let wall = if is_architect { Ink::Grey(0.1) } else { Ink::Grey(0.62) };
    let rooms = walls(page, building, wall, unit, rng);
    for (room, number) in rooms.iter().zip(1_u16..) {
        label_room(page, room, number, drawing, rng);
    }
    match drawing.discipline.0 {
        "V" | "W" => pipes(page, &rooms, &building, unit),
        "E" | "T" | "S" => symbols(page, &rooms, unit, rng),
        "K" => columns_and_beams(page, &building, &columns, &rows, unit),
        "L" | "M" | "G" => planting(page, &building, unit, rng),
        _ => {}
    }
    north(page, field, unit);
    if !drawing.revisions.is_empty() {
        cloud(page, rng.pick(&rooms), drawing.revision(), unit);
    }
}

/// Positions of grid lines from the first.
struct Axes(Vec<f32>);

impl Axes {
    fn new(rng: &mut Rng, least: usize, length: f32) -> Self {
        let bays = least + rng.below(3);
        let weights: Vec<f32> = (0..bays).map(|_| *rng.pick(&[4.8_f32, 6.0, 6.0, 7.2])).collect();
        let scale = length / weights.iter().sum::<f32>();
        let mut at = 0.0;
        let mut positions = vec![0.0];
        for weight in weights {
            at += weight * scale;
            positions.push(at);
        }
        Self(positions)
    }

    fn length(&self) -> f32 {
        self.0.last().copied().unwrap_or_default()
    }
}

fn grid(page: &mut Page, building: &Room, columns: &Axes, rows: &Axes, unit: f32) {
    let radius = 4.5 * unit;
    let (top, right) = (building.y + building.height, building.x + building.width);
    let far = 22.0 * unit;
    page.dash(&[6.0 * unit, 1.2 * unit, 1.0 * unit, 1.2 * unit]).pen(0.18, Ink::Grey(0.45));
    for at in &columns.0 {
        page.line(building.x + at, building.y - 8.0 * unit, building.x + at, top + far);
    }
    for at in &rows.0 {
        page.line(building.x - far, building.y + at, right + 8.0 * unit, building.y + at);
    }
    page.dash(&[]).pen(0.25, BLACK).fill(BLACK);
    for (number, at) in (1_u8..).zip(&columns.0) {
        let center = (building.x + at, top + far + radius);
        page.circle(center.0, center.1, radius);
        page.text(
            Face::Regular,
            3.0 * unit,
            Align::Center,
            (center.0, center.1 - 1.5 * unit),
            &number.to_string(),
        );
    }
    for (letter, at) in (b'A'..).zip(&rows.0) {
        let center = (building.x - far - radius, building.y + at);
        page.circle(center.0, center.1, radius);
        let name = char::from(letter).to_string();
        page.text(
            Face::Regular,
            3.0 * unit,
            Align::Center,
            (center.0, center.1 - 1.5 * unit),
            &name,
        );
    }
    dimensions(page, building, columns, rows, unit);
}

/// Chains of dimensions above and to the left, in millimetres of the building.
fn dimensions(page: &mut Page, building: &Room, columns: &Axes, rows: &Axes, unit: f32) {
    let tick = 1.2 * unit;
    let (above, left) = (building.y + building.height + 13.0 * unit, building.x - 13.0 * unit);
    page.pen(0.18, BLACK);
    page.line(building.x, above, building.x + building.width, above);
    page.line(left, building.y, left, building.y + building.height);
    for pair in columns.0.windows(2) {
        let (from, to) = (building.x + pair[0], building.x + pair[1]);
        for at in [from, to] {
            page.line(at - tick, above - tick, at + tick, above + tick);
        }
        let text = millimetres(to - from, unit);
        page.text(
            Face::Regular,
            1.8 * unit,
            Align::Center,
            (f32::midpoint(from, to), above + unit),
            &text,
        );
    }
    for pair in rows.0.windows(2) {
        let (from, to) = (building.y + pair[0], building.y + pair[1]);
        for at in [from, to] {
            page.line(left - tick, at - tick, left + tick, at + tick);
        }
        let text = millimetres(to - from, unit);
        page.text_up(1.8 * unit, Align::Center, (left - unit, f32::midpoint(from, to)), &text);
    }
}

/// A length on the sheet as a length of the building at 1:50, rounded to whole modules of 100 mm.
fn millimetres(on_sheet: f32, unit: f32) -> String {
    format!("{:.0}", (on_sheet / unit * 0.5).round() * 100.0)
}

/// Outer walls with windows, a corridor, and rooms on both sides of it. Returns the rooms.
fn walls(page: &mut Page, building: Room, ink: Ink, unit: f32, rng: &mut Rng) -> Vec<Room> {
    let outer = 5.0 * unit;
    let inner = 2.2 * unit;
    page.fill(ink);
    page.area(building.x - outer, building.y - outer, building.width + 2.0 * outer, outer);
    page.area(
        building.x - outer,
        building.y + building.height,
        building.width + 2.0 * outer,
        outer,
    );
    page.area(building.x - outer, building.y, outer, building.height);
    page.area(building.x + building.width, building.y, outer, building.height);
    let corridor = building.height * rng.between(0.12, 0.16);
    let middle = building.y + building.height * rng.between(0.4, 0.46);
    let mut rooms =
        vec![Room { x: building.x, y: middle, width: building.width, height: corridor }];
    page.area(building.x, middle - inner, building.width, inner);
    page.area(building.x, middle + corridor, building.width, inner);
    let below = Room { height: middle - inner - building.y, ..building };
    let upper = middle + corridor + inner;
    let above = Room { y: upper, height: building.y + building.height - upper, ..building };
    for (strip, is_above) in [(below, false), (above, true)] {
        let mut x = strip.x;
        while x < strip.x + strip.width - 30.0 * unit {
            let mut width = rng.between(42.0, 105.0) * unit;
            let rest = strip.x + strip.width - x;
            if rest - width < 45.0 * unit {
                width = rest;
            }
            let room = Room { x, width, ..strip };
            if x > strip.x {
                page.fill(ink).area(x - inner / 2.0, strip.y, inner, strip.height);
            }
            door(page, &room, is_above, inner, unit, rng);
            window(page, &room, is_above, outer, unit);
            rooms.push(room);
            x += width;
        }
    }
    rooms
}

/// A door to the corridor: an opening, the leaf and its swing.
fn door(page: &mut Page, room: &Room, is_above: bool, wall: f32, unit: f32, rng: &mut Rng) {
    let leaf = *rng.pick(&[16.0_f32, 18.0, 20.0]) * unit;
    let hinge = room.x + room.width * rng.between(0.15, 0.5);
    let (edge, up, opening) = if is_above {
        (room.y, 1, room.y - wall)
    } else {
        (room.y + room.height, -1, room.y + room.height)
    };
    page.fill(Ink::Grey(1.0)).area(hinge, opening - 0.1, leaf, wall + 0.2).fill(BLACK);
    page.pen(0.35, BLACK).line(hinge, edge, hinge, edge + leaf * f32::from(up));
    page.pen(0.13, Ink::Grey(0.3)).arc((hinge, edge), leaf, (0, up), (1, 0));
}

/// A window in the outer wall: white with two panes.
fn window(page: &mut Page, room: &Room, is_above: bool, wall: f32, unit: f32) {
    let width = (room.width * 0.5).min(44.0 * unit);
    let x = room.x + (room.width - width) / 2.0;
    let y = if is_above { room.y + room.height } else { room.y - wall };
    page.fill(Ink::Grey(1.0)).area(x, y, width, wall).fill(BLACK);
    page.pen(0.25, BLACK).frame(x, y, width, wall);
    page.pen(0.13, BLACK).line(x, y + wall * 0.4, x + width, y + wall * 0.4);
    page.line(x, y + wall * 0.6, x + width, y + wall * 0.6);
}

fn label_room(page: &mut Page, room: &Room, number: u16, drawing: &Drawing, rng: &mut Rng) {
    let unit = drawing.unit();
    let name = if number == 1 { "KORRIDOR" } else { *rng.pick(&ROOMS) };
    let floor: String = drawing
        .number
        .chars()
        .rev()
        .take(4)
        .skip(2)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let center = (room.x + room.width / 2.0, room.y + room.height / 2.0);
    let area = room.width * room.height / (unit * unit) * 0.0025;
    page.fill(BLACK);
    page.text(
        Face::Regular,
        2.0 * unit,
        Align::Center,
        (center.0, center.1 + 1.5 * unit),
        &format!("{floor}{number:02}"),
    );
    page.text(Face::Bold, 2.2 * unit, Align::Center, (center.0, center.1 - 2.2 * unit), name);
    let area = format!("{area:.1} m²").replace('.', ",");
    page.text(Face::Regular, 1.7 * unit, Align::Center, (center.0, center.1 - 5.4 * unit), &area);
}

/// Ducts in the corridor with branches and terminals.
fn pipes(page: &mut Page, rooms: &[Room], building: &Room, unit: f32) {
    let Some((corridor, others)) = rooms.split_first() else { return };
    let y = corridor.y + corridor.height * 0.3;
    for (shift, ink) in [(0.0, Ink::Rgb(0.1, 0.3, 0.8)), (8.0 * unit, Ink::Rgb(0.8, 0.2, 0.15))] {
        page.pen(0.9 * unit, ink).line(
            building.x + 6.0 * unit,
            y + shift,
            building.x + building.width - 6.0 * unit,
            y + shift,
        );
        for room in others {
            let x = room.x + room.width * 0.72 + shift;
            let target = room.y + room.height * if room.y > corridor.y { 0.3 } else { 0.7 };
            page.pen(0.5 * unit, ink).line(x, y + shift, x, target);
            page.frame(x - 3.0 * unit, target - 3.0 * unit, 6.0 * unit, 6.0 * unit);
            page.line(x - 3.0 * unit, target - 3.0 * unit, x + 3.0 * unit, target + 3.0 * unit);
            page.fill(ink).text(
                Face::Regular,
                1.5 * unit,
                Align::Left,
                (x + 4.0 * unit, target),
                "Ø160 30 l/s",
            );
        }
    }
    page.fill(BLACK);
}

/// Luminaires, sockets and their runs.
fn symbols(page: &mut Page, rooms: &[Room], unit: f32, rng: &mut Rng) {
    let ink = Ink::Rgb(0.75, 0.1, 0.1);
    page.pen(0.3 * unit, ink).fill(ink);
    for room in rooms {
        let mut previous = None;
        let mut x = room.x + 12.0 * unit;
        while x < room.x + room.width - 8.0 * unit {
            let y = room.y + room.height * 0.78;
            page.circle(x, y, 2.6 * unit).line(
                x - 1.8 * unit,
                y - 1.8 * unit,
                x + 1.8 * unit,
                y + 1.8 * unit,
            );
            page.line(x - 1.8 * unit, y + 1.8 * unit, x + 1.8 * unit, y - 1.8 * unit);
            if let Some(from) = previous {
                page.line(from + 2.6 * unit, y, x - 2.6 * unit, y);
            }
            previous = Some(x);
            x += 28.0 * unit;
        }
        let group = format!("C{}:{}", 1 + rng.below(4), 1 + rng.below(24));
        page.text(
            Face::Regular,
            1.6 * unit,
            Align::Left,
            (room.x + 6.0 * unit, room.y + room.height * 0.86),
            &group,
        );
    }
    page.fill(BLACK);
}

/// A column where grid lines cross, beams between them.
fn columns_and_beams(page: &mut Page, building: &Room, columns: &Axes, rows: &Axes, unit: f32) {
    let side = 5.0 * unit;
    page.dash(&[4.0 * unit, 2.0 * unit]).pen(0.6 * unit, BLACK);
    for y in &rows.0 {
        page.line(building.x, building.y + y, building.x + building.width, building.y + y);
    }
    page.dash(&[]).fill(BLACK);
    for x in &columns.0 {
        for y in &rows.0 {
            page.area(building.x + x - side / 2.0, building.y + y - side / 2.0, side, side);
            let at = (building.x + x + side, building.y + y + side);
            page.text(Face::Regular, 1.5 * unit, Align::Left, at, "P VKR 120x120x8");
        }
    }
}

/// Trees and level marks around the building.
fn planting(page: &mut Page, building: &Room, unit: f32, rng: &mut Rng) {
    for _ in 0..26 {
        let x = building.x + building.width * rng.between(0.02, 0.98);
        let y = building.y + building.height * rng.between(0.03, 0.97);
        let radius = rng.between(4.0, 9.0) * unit;
        page.pen(0.35 * unit, Ink::Rgb(0.15, 0.5, 0.2)).circle(x, y, radius).circle(
            x,
            y,
            0.6 * unit,
        );
        let level = format!("+{},{:02}", 42 + rng.below(3), rng.below(100));
        page.text(Face::Regular, 1.5 * unit, Align::Left, (x + radius, y + radius * 0.6), &level);
    }
}

fn north(page: &mut Page, field: Field, unit: f32) {
    let (x, y, radius) = (field.x + field.width - 8.0 * unit, field.y + 4.0 * unit, 8.0 * unit);
    page.pen(0.35, BLACK).circle(x, y, radius).line(x, y - radius, x, y + radius * 1.5);
    page.path(&[
        (x - 2.5 * unit, y + radius * 0.4),
        (x, y + radius * 1.5),
        (x + 2.5 * unit, y + radius * 0.4),
    ]);
    page.fill(BLACK).text(Face::Bold, 3.0 * unit, Align::Center, (x, y + radius * 1.7), "N");
}

/// What the revision changed: a cloud around a room and a triangle with the letter.
fn cloud(page: &mut Page, room: &Room, letter: &str, unit: f32) {
    let red = Ink::Rgb(0.85, 0.05, 0.05);
    page.pen(0.7 * unit, red);
    let bump = 5.0 * unit;
    let (left, right) = (room.x + bump, room.x + room.width - bump);
    let (low, high) = (room.y + room.height * 0.2, room.y + room.height * 0.9);
    let mut x = left;
    while x < right {
        page.arc((x, high), bump, (-1, 0), (0, 1)).arc((x, high), bump, (0, 1), (1, 0));
        page.arc((x, low), bump, (-1, 0), (0, -1)).arc((x, low), bump, (0, -1), (1, 0));
        x += 2.0 * bump;
    }
    page.line(left - bump, low, left - bump, high).line(x - bump, low, x - bump, high);
    let (at, side) = ((right, low - bump * 0.2), 7.0 * unit);
    page.path(&[at, (at.0 + side, at.1), (at.0 + side / 2.0, at.1 + side * 0.87), at]);
    page.fill(red).text(
        Face::Bold,
        2.6 * unit,
        Align::Center,
        (at.0 + side / 2.0, at.1 + unit),
        letter,
    );
    page.fill(BLACK);
}
