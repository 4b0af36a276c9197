//! Schedules: tables of doors and rooms, and doors drawn side by side.

use super::{Drawing, Field};
use crate::demo::pdf::{Align, BLACK, Face, Ink, Page};
use crate::demo::rng::Rng;

const HEADS: [&str; 7] = ["LITT", "RUM", "TYP", "BREDD", "HÖJD", "BRANDKLASS", "ANMÄRKNING"];

pub(super) fn draw(page: &mut Page, field: Field, rng: &mut Rng) {
    let row = if field.width > 400.0 { 10.0 } else { 7.0 };
    let size = row * 0.3;
    let count = 18 + u16::try_from(rng.below(14)).unwrap_or_default();
    let top = field.y + field.height - row;
    let column = field.width / 7.0;
    page.fill(Ink::Grey(0.88)).area(field.x, top, field.width, row).fill(BLACK);
    let mut y = top;
    for (index, head) in (0_u8..).zip(HEADS) {
        page.text(
            Face::Bold,
            size,
            Align::Left,
            (field.x + column * f32::from(index) + 1.5, y + row * 0.35),
            head,
        );
    }
    page.pen(0.18, BLACK).line(field.x, top + row, field.x + field.width, top + row);
    for line in 1..=count {
        page.line(field.x, y, field.x + field.width, y);
        if y - row < field.y {
            break;
        }
        y -= row;
        let cells = [
            format!("D{line:03}"),
            format!("1{:03}", rng.below(60)),
            (*rng.pick(&["Innerdörr", "Glasparti", "Ståldörr", "Ytterdörr", "Skjutdörr"]))
                .to_owned(),
            rng.pick(&[810, 910, 1010, 1210]).to_string(),
            rng.pick(&[2110, 2310]).to_string(),
            (*rng.pick(&["-", "EI 30", "EI2 30-C", "EI 60"])).to_owned(),
            (*rng.pick(&["", "Dörrautomatik", "Tröskelfri", "Ljudklass Rw 35", "Passersystem"]))
                .to_owned(),
        ];
        for (index, cell) in (0_u8..).zip(&cells) {
            page.text(
                Face::Regular,
                size,
                Align::Left,
                (field.x + column * f32::from(index) + 1.5, y + row * 0.35),
                cell,
            );
        }
    }
    for index in 0..=7_u8 {
        let x = field.x + column * f32::from(index);
        page.line(x, y, x, top + row);
    }
}

pub(super) fn draw_doors(page: &mut Page, field: Field, drawing: &Drawing, rng: &mut Rng) {
    let unit = drawing.unit();
    let (cell_width, cell_height) = (62.0 * unit, 92.0 * unit);
    let mut number = 1;
    let mut y = field.y + field.height - cell_height;
    while y > field.y {
        let mut x = field.x;
        while x + cell_width < field.x + field.width {
            one_door(page, (x + 8.0 * unit, y + 24.0 * unit), number, unit, rng);
            number += 1;
            x += cell_width;
        }
        y -= cell_height;
    }
}

fn one_door(page: &mut Page, (x, y): (f32, f32), number: u16, unit: f32, rng: &mut Rng) {
    let width = rng.between(24.0, 42.0) * unit;
    let height = 58.0 * unit;
    page.pen(0.5, BLACK).frame(x, y, width, height);
    page.pen(0.25, BLACK).frame(x + 1.5 * unit, y, width - 3.0 * unit, height - 1.5 * unit);
    if rng.chance(50) {
        let (glass_x, glass_y) = (x + width * 0.25, y + height * 0.45);
        page.fill(Ink::Rgb(0.88, 0.93, 0.97)).area(glass_x, glass_y, width * 0.5, height * 0.4);
        page.frame(glass_x, glass_y, width * 0.5, height * 0.4);
    }
    page.fill(BLACK).circle(x + width - 4.5 * unit, y + height * 0.47, unit);
    page.dash(&[1.5, 1.0]).pen(0.13, BLACK);
    page.path(&[(x + width, y), (x, y + height / 2.0), (x + width, y + height)]).dash(&[]);
    page.text(Face::Bold, 3.0 * unit, Align::Left, (x, y - 7.0 * unit), &format!("D{number:02}"));
    let size = format!("{}x{} M", 8 + rng.below(5), 21 + rng.below(3));
    page.text(Face::Regular, 2.0 * unit, Align::Left, (x, y - 12.0 * unit), &size);
    let class = *rng.pick(&["EI 30, Rw 35", "oklassad", "EI2 30-C, Sa", "EI 60"]);
    page.text(Face::Regular, 2.0 * unit, Align::Left, (x, y - 16.0 * unit), class);
}
