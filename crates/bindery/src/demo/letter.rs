//! Documents that are no drawings: an A4 page with a heading, a table of facts and paragraphs.

use super::pdf::{self, Align, BLACK, Face, Ink, Page};
use super::rng::Rng;
use super::words::PEOPLE;

/// What the page says.
pub(crate) struct Letter {
    pub(crate) title: String,
    pub(crate) project: String,
    pub(crate) owner: String,
    pub(crate) date: String,
    pub(crate) responsible: String,
}

const SENTENCES: [&str; 14] = [
    "Tidplanen följs; nästa avstämning sker vid kommande möte.",
    "Entreprenören redovisar åtgärder för fuktskydd under byggtiden.",
    "Håltagning i bjälklag samordnas mellan K, V och E.",
    "Beställaren godkänner föreslagen ändring utan påverkan på sluttiden.",
    "Kvarstående anmärkningar åtgärdas före slutbesiktningen.",
    "Ritningar utsända för granskning; synpunkter lämnas inom fem arbetsdagar.",
    "Luftflöden injusteras och dokumenteras rumsvis.",
    "Arbetsmiljöplanen är uppdaterad och finns anslagen i platskontoret.",
    "Provtryckning av värmesystemet utförd utan anmärkning.",
    "Brandtätningar fotograferas och förs in i egenkontrollen.",
    "Leverans av fönster försenad två veckor; ställningen står kvar.",
    "Relationsunderlag lämnas fortlöpande till respektive projektör.",
    "Mängder enligt bilaga; priser exklusive mervärdesskatt.",
    "Skötselanvisningar överlämnas i samband med driftutbildningen.",
];

impl Letter {
    /// The file.
    pub(crate) fn render(&self) -> Vec<u8> {
        let mut rng = Rng::of(&format!("{}/{}", self.project, self.title));
        let mut page = Page::new(210.0, 297.0);
        page.fill(BLACK);
        page.text(Face::Bold, 3.0, Align::Left, (25.0, 275.0), &self.owner);
        page.text(Face::Regular, 2.4, Align::Right, (190.0, 275.0), &self.date);
        page.pen(0.4, Ink::Rgb(0.1, 0.35, 0.45)).line(25.0, 270.0, 190.0, 270.0);
        page.text(Face::Bold, 4.6, Align::Left, (25.0, 254.0), &self.title);
        page.text(Face::Regular, 3.0, Align::Left, (25.0, 246.0), &self.project);
        let mut y = 234.0;
        let (present, copy): (&str, &str) = (*rng.pick(&PEOPLE), *rng.pick(&PEOPLE));
        for (key, value) in
            [("Ansvarig", self.responsible.as_str()), ("Närvarande", present), ("Kopia till", copy)]
        {
            page.text(Face::Bold, 2.2, Align::Left, (25.0, y), key);
            page.text(Face::Regular, 2.2, Align::Left, (58.0, y), value);
            y -= 6.0;
        }
        for number in 1..=(4 + rng.below(5)) {
            y -= 7.0;
            page.pen(0.13, Ink::Grey(0.6)).line(25.0, y + 5.5, 190.0, y + 5.5);
            page.text(Face::Bold, 2.4, Align::Left, (25.0, y), &format!("§ {number}"));
            for _ in 0..(1 + rng.below(3)) {
                page.text(Face::Regular, 2.4, Align::Left, (38.0, y), rng.pick::<&str>(&SENTENCES));
                y -= 6.0;
            }
        }
        page.fill(Ink::Grey(0.4));
        page.text(
            Face::Regular,
            1.9,
            Align::Center,
            (107.5, 15.0),
            "Demonstration: inget i dokumentet finns på riktigt.",
        );
        pdf::finish(&self.title, &self.responsible, vec![page])
    }
}

/// A sheet with places for photographs, as drawn views with captions.
pub(crate) fn photo_sheet(letter: &Letter) -> Vec<u8> {
    let mut rng = Rng::of(&format!("{}/{}", letter.project, letter.title));
    let mut page = Page::new(297.0, 210.0);
    page.fill(BLACK).text(Face::Bold, 4.0, Align::Left, (20.0, 194.0), &letter.title);
    let line = format!("{}  •  {}  •  {}", letter.project, letter.date, letter.responsible);
    page.text(Face::Regular, 2.3, Align::Left, (20.0, 187.0), &line);
    for (index, (x, y)) in (1..).zip([(20.0, 102.0), (154.0, 102.0), (20.0, 16.0), (154.0, 16.0)]) {
        picture(&mut page, (x, y), &mut rng);
        let caption = format!("Bild {index}. {}", *rng.pick::<&str>(&SENTENCES));
        page.fill(BLACK).text(Face::Regular, 2.0, Align::Left, (x, y - 4.5), &caption);
    }
    pdf::finish(&letter.title, &letter.responsible, vec![page])
}

/// Sky, ground, a house or two.
fn picture(page: &mut Page, (x, y): (f32, f32), rng: &mut Rng) {
    let (width, height) = (123.0, 76.0);
    let light = rng.between(0.0, 0.2);
    page.fill(Ink::Rgb(0.62 + light, 0.76 + light / 2.0, 0.88)).area(x, y, width, height);
    page.fill(Ink::Rgb(0.45, 0.5 + light, 0.36)).area(x, y, width, height * rng.between(0.2, 0.35));
    for _ in 0..(1 + rng.below(3)) {
        let (house, tall) = (rng.between(20.0, 50.0), rng.between(18.0, 48.0));
        let left = x + rng.between(2.0, width - house - 2.0);
        let red = rng.between(0.35, 0.75);
        page.fill(Ink::Rgb(red, red * rng.between(0.5, 0.95), red * 0.6)).area(
            left,
            y + 10.0,
            house,
            tall,
        );
        page.fill(Ink::Rgb(0.85, 0.9, 0.95));
        let mut at = left + 3.0;
        while at + 4.0 < left + house {
            page.area(at, y + 10.0 + tall * 0.55, 4.0, tall * 0.25);
            page.area(at, y + 10.0 + tall * 0.15, 4.0, tall * 0.25);
            at += 8.0;
        }
    }
    page.pen(0.3, BLACK).frame(x, y, width, height);
}
