//! The documents of the demonstration, one after the other: the same number of them is always the same.

use bindery_domain::{FileName, Timestamp};

use super::drawing::{Drawing, View};
use super::metadata;
use super::pool::{Pool, Sheet};
use super::rng::Rng;
use super::structure::{BUILDINGS, area_folder, building};
use super::words::{
    BINDERS, BinderKind, BinderWords, CHANGES, DISCIPLINES, DRAWINGS, DrawingWords, FLOORS,
    LetterWords, OWNER, PEOPLE, VIEW_FOLDERS,
};

/// When the first document is made: 2024-01-08T07:00:00Z.
pub(crate) const FIRST: Timestamp = Timestamp(1_704_697_200_000_000);
/// From the first document to the last: 700 days.
const SPAN: i64 = 700 * 86_400 * 1_000_000;
/// Floors in the order in which a building gets its drawings: plan 1 first.
const FLOOR_ORDER: [usize; 6] = [1, 2, 3, 0, 4, 5];
/// Drawings of one kind, building and floor: their numbers end on 00 to 99.
const SERIALS: usize = 100;

/// A document before it has internal keys.
pub(crate) struct Document {
    /// Its place among all, from 0.
    pub(crate) number: u64,
    /// Its binder, by its place among the binders.
    pub(crate) binder: usize,
    /// Names of tab and folders, joined by `/`.
    pub(crate) path: String,
    pub(crate) name: FileName,
    pub(crate) created_by: &'static str,
    /// Oldest first.
    pub(crate) versions: Vec<Version>,
    /// The greatest label that is a whole number.
    pub(crate) greatest_label: i64,
}

/// One of its versions.
pub(crate) struct Version {
    pub(crate) label: String,
    /// Its bytes, by their place in the pool.
    pub(crate) file: usize,
    pub(crate) created: Timestamp,
    pub(crate) metadata: bindery_domain::Metadata,
}

/// What the metadata of a document is made from.
pub(crate) struct Facts<'a> {
    pub(crate) kind: BinderKind,
    pub(crate) category: &'a str,
    pub(crate) drawing: Option<(&'a DrawingWords, &'a str, usize)>,
    pub(crate) building: usize,
    pub(crate) responsible: &'static str,
    pub(crate) is_as_built: bool,
    pub(crate) description: &'a str,
}

/// Makes the documents in their order.
pub(crate) struct Documents {
    total: u64,
    next: u64,
    binders: [Made; BINDERS.len()],
    /// The bytes given so far.
    pub(crate) pool: Pool,
}

/// How many of each kind a binder has got.
#[derive(Clone, Copy, Default)]
struct Made {
    all: u64,
    drawings: usize,
    photos: usize,
    letters: usize,
}

impl Documents {
    /// All documents of a demonstration of this size.
    pub(crate) fn new(total: u64) -> Self {
        Self { total, next: 0, binders: [Made::default(); BINDERS.len()], pool: Pool::default() }
    }

    /// The binder whose share is furthest behind gets the next document.
    fn choose_binder(&self) -> usize {
        let behind = |(index, words): (usize, &BinderWords)| {
            let due = u64::from(words.share) * (self.next + 1);
            (i128::from(due) - i128::from(self.binders[index].all) * 1_000_000, index)
        };
        let furthest = BINDERS
            .iter()
            .enumerate()
            .map(behind)
            .max_by_key(|(lag, index)| (*lag, usize::MAX - index));
        furthest.map_or(0, |(_, index)| index)
    }

    fn drawing(&mut self, binder: usize, rng: &mut Rng) -> Document {
        let words = &BINDERS[binder];
        let place = self.binders[binder].drawings;
        // Each binder begins with another kind.
        let turn = place + binder * 5;
        let (kind, round) = (&DRAWINGS[turn % DRAWINGS.len()], turn / DRAWINGS.len());
        let (house, floor, serial) = position(words, round);
        let (floor_code, floor_name) = FLOORS[floor];
        let number = format!(
            "{}-{}.{}-{}{floor_code}{serial:02}",
            kind.area,
            kind.class,
            view_code(kind.view),
            house + 1
        );
        let (_, house_name) = building(words, house);
        let title = if kind.view == View::Plan {
            format!("{house_name}, {}, {}", floor_name.to_lowercase(), kind.shows)
        } else {
            format!("{house_name}, {}", kind.shows)
        };
        // The first drawing is the one that came with its own files: a first issue and its revision.
        let is_first = (binder, place) == (0, 0);
        let is_as_built = words.kind == BinderKind::Project && rng.chance(15) && !is_first;
        let tab = if is_as_built { "Relationshandlingar" } else { "Ritningar" };
        let folder =
            VIEW_FOLDERS.iter().find(|(view, _)| *view == kind.view).map_or("", |(_, name)| name);
        let path = format!("{tab}/{}/{folder}", area_folder(kind.area));
        let count = if is_first { 2 } else { [1, 1, 1, 1, 2, 2, 2, 3, 3, 4][rng.below(10)] };
        let responsible = *rng.pick::<&str>(&PEOPLE);
        let facts = Facts {
            kind: words.kind,
            category: "ritning",
            drawing: Some((kind, &number, floor)),
            building: house,
            responsible,
            is_as_built,
            description: &title,
        };
        let times: Vec<Timestamp> = (0..count).map(|version| self.time(version)).collect();
        let metadata = metadata::of(&facts, &times, rng);
        let mut revisions: Vec<(String, String, String)> = Vec::new();
        let mut versions = Vec::new();
        for (index, (created, metadata)) in times.iter().zip(metadata).enumerate() {
            let label = ["-", "A", "B", "C"][index].to_owned();
            if index > 0 {
                let change = (*rng.pick::<&str>(&CHANGES)).to_owned();
                revisions.push((label.clone(), change, metadata::day(*created)));
            }
            let file = if is_first {
                self.pool.given(index)
            } else {
                let sheet = || {
                    Sheet::Drawing(Box::new(draw(
                        words,
                        kind,
                        &number,
                        &title,
                        &times,
                        index,
                        &revisions,
                        &metadata,
                        responsible,
                    )))
                };
                self.pool.drawing(kind.view, sheet, rng)
            };
            versions.push(Version { label, file, created: *created, metadata });
        }
        self.document(binder, path, format!("{number} {title}.pdf"), versions, 0)
    }

    fn photo(&mut self, binder: usize, rng: &mut Rng) -> Document {
        let words = &BINDERS[binder];
        let place = self.binders[binder].photos;
        let house = rng.below(words.buildings.len());
        let (_, house_name) = building(words, house);
        let title = format!("Fotoblad {:05}, {house_name}", place + 1);
        let responsible = *rng.pick::<&str>(&PEOPLE);
        let facts = Facts {
            kind: words.kind,
            category: "foto",
            drawing: None,
            building: house,
            responsible,
            is_as_built: false,
            description: &house_name,
        };
        let created = self.time(0);
        let metadata = metadata::of(&facts, &[created], rng).remove(0);
        let sheet = || Sheet::Photos(self::sheet(words, &title, created, responsible));
        let file = self.pool.photos(sheet, rng);
        let version = Version { label: "1".to_owned(), file, created, metadata };
        self.document(binder, "Foton".to_owned(), format!("{title}.pdf"), vec![version], 1)
    }

    fn letter(&mut self, binder: usize, rng: &mut Rng) -> Document {
        let words = &BINDERS[binder];
        let letters = words.kind.letters();
        let place = self.binders[binder].letters;
        let (kind, number) = (&letters[place % letters.len()], place / letters.len() + 1);
        let mut title = kind.name.replace('#', &number.to_string());
        // A word that hardly any document has, for those who try the search.
        if self.next % 20_011 == 77 {
            title.push_str(", sprinklercentral");
        }
        let responsible = *rng.pick::<&str>(&PEOPLE);
        let facts = Facts {
            kind: words.kind,
            category: kind.category,
            drawing: None,
            building: rng.below(words.buildings.len()),
            responsible,
            is_as_built: false,
            description: &title,
        };
        let count = if rng.chance(80) { 1 } else { 2 };
        let times: Vec<Timestamp> = (0..count).map(|version| self.time(version)).collect();
        let metadata = metadata::of(&facts, &times, rng);
        let mut versions = Vec::new();
        for (index, (created, metadata)) in times.iter().zip(metadata).enumerate() {
            let title =
                if index == 0 { title.clone() } else { format!("{title} (rev {})", index + 1) };
            let sheet = || Sheet::Letter(self::sheet(words, &title, *created, responsible));
            let file = self.pool.letter(kind.extension, sheet, rng);
            versions.push(Version {
                label: (index + 1).to_string(),
                file,
                created: *created,
                metadata,
            });
        }
        let greatest = i64::try_from(versions.len()).unwrap_or(1);
        let name = format!("{title}.{}", kind.extension);
        self.document(binder, path_of(kind), name, versions, greatest)
    }

    fn document(
        &self,
        binder: usize,
        path: String,
        name: String,
        versions: Vec<Version>,
        greatest_label: i64,
    ) -> Document {
        let name = FileName::parse(&name).expect("the demonstration's file names are names");
        let created_by = if self.next % 7 == 3 { "demo-admin" } else { "demo-creator" };
        Document { number: self.next, binder, path, name, created_by, versions, greatest_label }
    }

    /// When a version of the present document is made; each time comes once.
    fn time(&self, version: i64) -> Timestamp {
        let step = SPAN / i64::try_from(self.total.max(1)).unwrap_or(i64::MAX);
        let number = i64::try_from(self.next).unwrap_or(i64::MAX);
        Timestamp(FIRST.0 + number * step + version * (step / 8))
    }
}

impl Iterator for Documents {
    type Item = Document;

    fn next(&mut self) -> Option<Document> {
        if self.next == self.total {
            return None;
        }
        let binder = self.choose_binder();
        let mut rng = Rng::new(self.next ^ 0xb1de_b1de);
        // Of fifty documents thirty-one are drawings, ten are photographs and nine are letters.
        let part = self.binders[binder].all * 37 % 50;
        let document = match part {
            0..31 => self.drawing(binder, &mut rng),
            31..41 => self.photo(binder, &mut rng),
            _ => self.letter(binder, &mut rng),
        };
        let made = &mut self.binders[binder];
        made.all += 1;
        match part {
            0..31 => made.drawings += 1,
            31..41 => made.photos += 1,
            _ => made.letters += 1,
        }
        self.next += 1;
        Some(document)
    }
}

/// Building, floor and serial number of the drawings of one kind: first each floor of each building, then again.
fn position(words: &BinderWords, round: usize) -> (usize, usize, usize) {
    let (floors, houses) = (FLOORS.len(), words.buildings.len());
    let (house, serial, floor) = if round < floors * houses * SERIALS {
        (round / floors % houses, round / (floors * houses), round % floors)
    } else {
        let more = round - floors * houses * SERIALS;
        (houses + more / (floors * SERIALS), more / floors % SERIALS, more % floors)
    };
    (house.min(BUILDINGS - 1), FLOOR_ORDER[floor], serial)
}

fn view_code(view: View) -> u8 {
    match view {
        View::Plan => 1,
        View::Section => 2,
        View::Facade => 3,
        View::Elevations => 4,
        View::Schematic => 5,
        View::Detail => 6,
        View::Schedule => 8,
    }
}

fn path_of(kind: &LetterWords) -> String {
    match kind.folder {
        Some(folder) => format!("{}/{folder}", kind.tab),
        None => kind.tab.to_owned(),
    }
}

fn sheet(
    words: &BinderWords,
    title: &str,
    created: Timestamp,
    responsible: &str,
) -> super::letter::Letter {
    super::letter::Letter {
        title: title.to_owned(),
        project: words.name.to_owned(),
        owner: OWNER.to_owned(),
        date: metadata::day(created),
        responsible: responsible.to_owned(),
    }
}

#[expect(clippy::too_many_arguments, reason = "a drawing is made of all of these, in one place")]
fn draw(
    words: &BinderWords,
    kind: &DrawingWords,
    number: &str,
    title: &str,
    times: &[Timestamp],
    index: usize,
    revisions: &[(String, String, String)],
    metadata: &bindery_domain::Metadata,
    responsible: &str,
) -> Drawing {
    let discipline = DISCIPLINES.iter().find(|(code, ..)| *code == kind.area).copied();
    let (code, discipline, firm) = discipline.unwrap_or(DISCIPLINES[0]);
    Drawing {
        number: number.to_owned(),
        title: title.to_owned(),
        view: kind.view,
        discipline: (code, discipline),
        project: words.name.to_owned(),
        owner: OWNER.to_owned(),
        status: metadata::status_label(metadata),
        scale: kind.scale.to_owned(),
        is_large: kind.is_large,
        firm: firm.to_owned(),
        responsible: responsible.to_owned(),
        revisions: revisions.to_vec(),
        date: metadata::day(times[index]),
    }
}

#[cfg(test)]
mod tests;
