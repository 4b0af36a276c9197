//! The sheet around a drawing: frame, fold marks, revision table, title block in Swedish.

use super::{Drawing, Field};
use crate::demo::pdf::{Align, BLACK, Face, Ink, Page};

/// Draws the sheet and returns what is left for the content.
pub(super) fn draw(page: &mut Page, drawing: &Drawing) -> Field {
    let (width, height) = (page.width, page.height);
    page.pen(0.18, Ink::Grey(0.4)).frame(3.0, 3.0, width - 6.0, height - 6.0);
    page.pen(0.7, BLACK).frame(20.0, 10.0, width - 30.0, height - 20.0);
    marks(page);
    let block = if drawing.is_large { 180.0 } else { 120.0 };
    title_block(page, drawing, width - 10.0 - block, 10.0, block);
    let gap = 18.0 * drawing.unit();
    Field {
        x: 20.0 + gap,
        y: 10.0 + gap,
        width: width - 30.0 - block - 2.0 * gap,
        height: height - 20.0 - 2.0 * gap,
    }
}

/// Centre marks and the letters and numbers of the sheet's zones.
fn marks(page: &mut Page) {
    let (width, height) = (page.width, page.height);
    let mut across = |count: u8, letters: bool| {
        for index in 0..count {
            let part = (f32::from(index) + 0.5) / f32::from(count);
            let name = if letters {
                char::from(b'A' + index).to_string()
            } else {
                (index + 1).to_string()
            };
            page.fill(Ink::Grey(0.35));
            if letters {
                let y = 10.0 + (height - 20.0) * part;
                page.text(Face::Regular, 1.8, Align::Center, (width - 6.5, y), &name);
                page.text(Face::Regular, 1.8, Align::Center, (11.5, y), &name);
            } else {
                let x = 20.0 + (width - 30.0) * part;
                page.text(Face::Regular, 1.8, Align::Center, (x, 5.6), &name);
                page.text(Face::Regular, 1.8, Align::Center, (x, height - 7.4), &name);
            }
        }
    };
    across(8, false);
    across(6, true);
    page.pen(0.5, BLACK).line(width / 2.0, 3.0, width / 2.0, 10.0);
    page.line(width / 2.0, height - 3.0, width / 2.0, height - 10.0);
    page.fill(BLACK);
}

fn title_block(page: &mut Page, drawing: &Drawing, x: f32, y: f32, width: f32) {
    let unit = drawing.unit();
    let row = 9.0 * unit;
    let small = 1.7 * unit.max(0.75);
    let normal = 2.5 * unit.max(0.75);
    let label = |page: &mut Page, at: (f32, f32), text: &str| {
        page.fill(Ink::Grey(0.35))
            .text(Face::Regular, small * 0.8, Align::Left, at, text)
            .fill(BLACK);
    };
    let sheet_top = page.height - 10.0;
    page.pen(0.5, BLACK).line(x, y, x, sheet_top);
    let rule = |page: &mut Page, at: f32| {
        page.pen(0.25, BLACK).line(x, at, x + width, at);
    };
    let pad = 2.5 * unit;
    // From below: number and revision, scale, title, status, project, firm, revisions.
    let mut top = y + 2.2 * row;
    rule(page, top);
    label(page, (x + pad, top - 2.2 * small), "NUMMER");
    page.text(Face::Bold, 5.5 * unit, Align::Left, (x + pad, y + 0.5 * row), &drawing.number);
    let bet = x + width * 0.82;
    page.line(bet, y, bet, top);
    label(page, (bet + pad, top - 2.2 * small), "BET");
    page.text(Face::Bold, 5.5 * unit, Align::Left, (bet + pad, y + 0.5 * row), drawing.revision());

    let sheet = if drawing.is_large { "A1" } else { "A3" };
    let cells = [("SKALA", drawing.scale.as_str()), ("FORMAT", sheet), ("DATUM", &drawing.date)];
    let bottom = top;
    top += 1.6 * row;
    rule(page, top);
    for (index, (name, value)) in (0_u8..).zip(cells) {
        let left = x + width * f32::from(index) / 3.0;
        if index > 0 {
            page.line(left, bottom, left, top);
        }
        label(page, (left + pad, top - 2.2 * small), name);
        page.text(Face::Regular, normal, Align::Left, (left + pad, bottom + 0.4 * row), value);
    }

    let bottom = top;
    top += 1.6 * row;
    rule(page, top);
    for (index, (name, value)) in (0_u8..).zip([
        ("ANSVARIG", drawing.responsible.as_str()),
        ("RITAD AV", "Demonstration"),
        ("UPPDRAGSNR", "DEMO 26-014"),
    ]) {
        let left = x + width * f32::from(index) / 3.0;
        if index > 0 {
            page.line(left, bottom, left, top);
        }
        label(page, (left + pad, top - 2.2 * small), name);
        page.text(
            Face::Regular,
            normal * 0.9,
            Align::Left,
            (left + pad, bottom + 0.4 * row),
            value,
        );
    }

    let bottom = top;
    top += 4.6 * row;
    rule(page, top);
    label(page, (x + pad, top - 2.2 * small), "INNEHÅLL");
    page.text(
        Face::Bold,
        normal * 1.2,
        Align::Left,
        (x + pad, bottom + 3.0 * row),
        &drawing.project,
    );
    for (index, part) in (0_u8..).zip(drawing.title.split(", ")) {
        let at = (x + pad, bottom + 2.1 * row - f32::from(index) * 0.75 * row);
        page.text(Face::Regular, normal * 1.1, Align::Left, at, &part.to_uppercase());
    }

    let bottom = top;
    top += 2.0 * row;
    rule(page, top);
    page.text(
        Face::Bold,
        normal * 1.6,
        Align::Left,
        (x + pad, bottom + 0.7 * row),
        &drawing.status.to_uppercase(),
    );

    let bottom = top;
    top += 2.6 * row;
    rule(page, top);
    label(page, (x + pad, top - 2.2 * small), drawing.discipline.1);
    page.text(Face::Bold, normal * 1.1, Align::Left, (x + pad, bottom + 1.1 * row), &drawing.firm);
    page.text(
        Face::Regular,
        small,
        Align::Left,
        (x + pad, bottom + 0.4 * row),
        "Storgatan 1, 123 45 Exempelstad  •  example.com",
    );

    let bottom = top;
    top += 1.8 * row;
    rule(page, top);
    label(page, (x + pad, top - 2.2 * small), "FASTIGHETSÄGARE");
    page.text(Face::Regular, normal, Align::Left, (x + pad, bottom + 0.4 * row), &drawing.owner);
    revisions(page, drawing, (x, top, width));
}

fn revisions(page: &mut Page, drawing: &Drawing, (x, bottom, width): (f32, f32, f32)) {
    let unit = drawing.unit();
    let row = 5.5 * unit;
    let size = 1.9 * unit.max(0.75);
    let columns = [0.0, 0.1, 0.62, 0.8];
    let heads = ["BET", "ÄNDRINGEN AVSER", "DATUM", "SIGN"];
    let mut y = bottom;
    page.fill(BLACK);
    for (part, head) in columns.iter().zip(heads) {
        page.text(
            Face::Bold,
            size * 0.85,
            Align::Left,
            (x + width * part + 1.2, y + row * 0.3),
            head,
        );
    }
    let sign: String =
        drawing.responsible.split(' ').filter_map(|name| name.chars().next()).collect();
    for (letter, text, date) in &drawing.revisions {
        y += row;
        page.pen(0.18, BLACK).line(x, y, x + width, y);
        for (part, value) in columns.iter().zip([letter, text, date, &sign]) {
            page.text(
                Face::Regular,
                size,
                Align::Left,
                (x + width * part + 1.2, y + row * 0.3),
                value,
            );
        }
    }
    page.pen(0.25, BLACK).line(x, y + row, x + width, y + row);
    notes(page, drawing, (x + 1.2, page_top(drawing)));
}

fn page_top(drawing: &Drawing) -> f32 {
    if drawing.is_large { 584.0 } else { 287.0 }
}

/// What every sheet says at the top of its right column.
fn notes(page: &mut Page, drawing: &Drawing, (x, top): (f32, f32)) {
    let unit = drawing.unit();
    let size = 1.9 * unit.max(0.75);
    page.text(Face::Bold, size * 1.2, Align::Left, (x + unit, top - 7.0 * unit), "FÖRKLARINGAR");
    let discipline = match drawing.discipline.0 {
        "A" | "B" => "Mått till stomme. Öppningsmått enligt dörr- och fönsterförteckning.",
        "K" => "Betong C30/37, armering K500C-T. Stål S355J2. Säkerhetsklass 3.",
        "V" | "W" => "Tilluft blå, frånluft röd. Kanaler isoleras enligt teknisk beskrivning.",
        "E" | "T" | "S" => {
            "Uttag 0,2 m över golv om inte annat anges. Gruppnummer enligt gruppförteckning."
        }
        _ => "Höjder i RH 2000. Koordinatsystem SWEREF 99 16 30.",
    };
    let lines = [
        "Alla mått i millimeter, höjder i meter.",
        discipline,
        "Ritningen läses tillsammans med övriga handlingar.",
        "Detta är en demonstration: inget på ritningen finns.",
    ];
    for (index, line) in (0_u8..).zip(lines) {
        let y = top - (14.0 + 5.5 * f32::from(index)) * unit;
        page.text(Face::Regular, size, Align::Left, (x + unit, y), line);
    }
}
