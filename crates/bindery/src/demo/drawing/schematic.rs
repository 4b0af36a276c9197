//! Schematics: a main, risers, branches and what hangs on them.

use super::{Drawing, Field};
use crate::demo::pdf::{Align, BLACK, Face, Ink, Page};
use crate::demo::rng::Rng;

pub(super) fn draw(page: &mut Page, field: Field, drawing: &Drawing, rng: &mut Rng) {
    let unit = drawing.unit();
    let (names, main): (&[&str], &str) = match drawing.discipline.0 {
        "E" | "T" | "S" => (
            &["C1 belysning", "C2 kraft", "C3 hiss", "C4 kök", "C5 fläktrum", "RESERV"],
            "ELCENTRAL A1",
        ),
        _ => (&["RAD 21", "VVX 01", "LB01", "VB 02", "GOLVVÄRME", "RESERV"], "UNDERCENTRAL VS01"),
    };
    let box_width = 46.0 * unit;
    let y = field.y + field.height * 0.08;
    page.pen(0.7, BLACK).frame(field.x, y, box_width, 24.0 * unit);
    page.fill(BLACK).text(
        Face::Bold,
        2.6 * unit,
        Align::Center,
        (field.x + box_width / 2.0, y + 11.0 * unit),
        main,
    );
    let right = field.x + field.width;
    for (shift, ink, is_dashed) in [
        (8.0 * unit, Ink::Rgb(0.8, 0.15, 0.1), false),
        (16.0 * unit, Ink::Rgb(0.1, 0.25, 0.75), true),
    ] {
        if is_dashed {
            page.dash(&[3.0 * unit, 1.5 * unit]);
        }
        page.pen(0.6 * unit, ink).line(field.x + box_width, y + shift, right, y + shift).dash(&[]);
    }
    let risers = 3 + u8::try_from(rng.below(3)).unwrap_or_default();
    for riser in 0..risers {
        let x = field.x
            + box_width
            + (field.width - box_width) * (f32::from(riser) + 0.4) / f32::from(risers);
        let floors = 3 + u8::try_from(rng.below(3)).unwrap_or_default();
        let step = field.height * 0.78 / f32::from(floors);
        let top = y + 16.0 * unit + step * f32::from(floors);
        page.pen(0.5 * unit, BLACK).line(x, y + 8.0 * unit, x, top);
        for floor in 0..floors {
            let level = y + 16.0 * unit + step * (f32::from(floor) + 0.7);
            let end = x + 24.0 * unit;
            page.pen(0.35 * unit, BLACK).line(x, level, end, level);
            valve(page, (x + 10.0 * unit, level), unit);
            page.frame(end, level - 5.0 * unit, 34.0 * unit, 10.0 * unit);
            let name = format!("{} {}", rng.pick(names), 1 + rng.below(40));
            page.text(
                Face::Regular,
                2.0 * unit,
                Align::Left,
                (end + 2.0 * unit, level - unit),
                &name,
            );
            let flow =
                format!("0,{:02} l/s  DN{}", 2 + rng.below(60), *rng.pick(&[15, 20, 25, 32]));
            page.text(
                Face::Regular,
                1.5 * unit,
                Align::Left,
                (x + unit, level + 2.2 * unit),
                &flow,
            );
        }
    }
}

fn valve(page: &mut Page, (x, y): (f32, f32), unit: f32) {
    let (dx, dy) = (2.4 * unit, 1.5 * unit);
    page.path(&[
        (x - dx, y - dy),
        (x - dx, y + dy),
        (x + dx, y - dy),
        (x + dx, y + dy),
        (x - dx, y - dy),
    ]);
}
