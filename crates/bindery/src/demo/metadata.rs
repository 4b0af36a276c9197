//! What the demonstration sets on its versions.

use bindery_domain::{ElementId, Metadata, Timestamp};

use super::documents::Facts;
use super::rng::Rng;
use super::words::{BinderKind, FLOORS, STATUSES};

const REMARKS: [&str; 4] = [
    "Kontrollera mått på plats före tillverkning.\nAvvikelser meddelas ansvarig projektör.",
    "Ersätter tidigare utskick. Berörda handlingar: se ändrings-PM.",
    "Synpunkter från granskning inarbetade, utom punkt 4 som hanteras i nästa utgåva.",
    "Utförs i etapp 2.",
];
const SYSTEMS: [&str; 5] = ["LB01", "LB02", "VS01", "KB01", "EL01"];

/// The metadata of each version, oldest first.
pub(crate) fn of(facts: &Facts<'_>, times: &[Timestamp], rng: &mut Rng) -> Vec<Metadata> {
    let own = own(facts, rng);
    let last = last_status(facts, rng);
    let created = day(times.first().copied().unwrap_or(Timestamp(0)));
    let version = |(index, time): (usize, &Timestamp)| {
        let mut values = vec![
            value("GLOBAL_Category", facts.category),
            value("GLOBAL_Status", status(last, times.len() - 1 - index)),
            value("GLOBAL_Date", &created),
        ];
        if index > 0 {
            values.push(value("GLOBAL_RevisionDate", &day(*time)));
        }
        values.extend(own.iter().cloned());
        Metadata(values)
    };
    times.iter().enumerate().map(version).collect()
}

/// The calendar day of a time, in UTC.
pub(crate) fn day(time: Timestamp) -> String {
    let text = time.to_string();
    text.get(..10).unwrap_or_default().to_owned()
}

/// The label of the status in a version's metadata.
pub(crate) fn status_label(metadata: &Metadata) -> String {
    let id = metadata.get("GLOBAL_Status").unwrap_or_default();
    STATUSES
        .iter()
        .find(|(status, _)| *status == id)
        .map_or_else(String::new, |(_, label)| (*label).to_owned())
}

/// The values that stay the same from version to version, in the order of the schema.
fn own(facts: &Facts<'_>, rng: &mut Rng) -> Vec<(ElementId, String)> {
    let mut values = Vec::new();
    if let Some((words, number, _)) = facts.drawing {
        values.push(value("discipline", words.area));
        values.push(value("drawing-number", number));
    }
    if rng.chance(60) {
        values.push(value("building", &format!("b{}", facts.building + 1)));
    }
    if let Some((words, _, floor)) = facts.drawing {
        if words.view == super::drawing::View::Plan {
            values.push(value("floor", FLOORS[floor].0));
        }
        if rng.chance(30) {
            values.push(value("scale", words.scale));
        }
    }
    if rng.chance(50) {
        values.push(value("responsible", facts.responsible));
    }
    if rng.chance(25) {
        values.push(value("description", facts.description));
    }
    if rng.chance(20) {
        values.push(value("area", &format!("{}.{}", 8 + rng.below(900), 1 + rng.below(9))));
    }
    if rng.chance(30) {
        values.push(value("reviewed", if rng.chance(70) { "true" } else { "false" }));
    }
    if rng.chance(6) {
        values.push(value("remark", rng.pick::<&str>(&REMARKS)));
    }
    if rng.chance(10) {
        values.push(value(
            "next-review",
            &format!("202{}-0{}-1{}", 6 + rng.below(4), 1 + rng.below(9), rng.below(10)),
        ));
    }
    match facts.kind {
        BinderKind::Project if rng.chance(15) => {
            values.push(value("sheets", &(1 + rng.below(12)).to_string()))
        }
        BinderKind::Property if rng.chance(40) => {
            values.push(value("system", rng.pick::<&str>(&SYSTEMS)))
        }
        BinderKind::Enquiry if rng.chance(40) => values.push(value("tender-due", "2026-03-31")),
        _ => {}
    }
    values
}

fn last_status(facts: &Facts<'_>, rng: &mut Rng) -> &'static str {
    if facts.is_as_built {
        return "relation";
    }
    let choice = rng.below(100);
    match facts.kind {
        _ if facts.category == "foto" => "arbete",
        _ if facts.drawing.is_none() => {
            ["arbete", "arbete", "granskning", "kontrakt", "utgar"][choice / 20]
        }
        BinderKind::Project => match choice {
            0..50 => "bygg",
            50..70 => "granskning",
            70..82 => "preliminar",
            82..90 => "forfragan",
            90..95 => "system",
            95..98 => "bygglov",
            _ => "utgar",
        },
        BinderKind::Property => {
            if choice < 85 {
                "relation"
            } else {
                "relationsunderlag"
            }
        }
        BinderKind::Enquiry => "forfragan",
    }
}

/// The status that a version had so many versions before the last.
fn status(last: &'static str, before_last: usize) -> &'static str {
    match (before_last, last) {
        (0, _) => last,
        (1, "bygg" | "granskning" | "forfragan") => "granskning",
        (1, "relation") => "bygg",
        (2, "relation") => "granskning",
        (_, "arbete" | "kontrakt" | "utgar") => "arbete",
        _ => "preliminar",
    }
}

fn value(id: &str, value: &str) -> (ElementId, String) {
    (id.parse().expect("the demonstration's element ids are ids"), value.to_owned())
}
