//! Every file of `tests/data/files` ends as its row in `tests/data/README.md` says.

use bindery_preview::{Kind, Outcome, Purpose, Rendering, Task};

use crate::support::{names, overview, render, text};

/// How a file ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    Encrypted,
    Failed,
    Unsupported,
    /// A cut file may show what is left of it; a bomb may be too much.
    ReadyOrFailed,
}

/// A file, what it is, how it ends, how many pages it has, and what its text holds.
type Row = (&'static str, Kind, State, u32, &'static [&'static str]);

const TABLE: [Row; 40] = [
    ("A-40.1-1100.pdf", Kind::Pdf, State::Ready, 1, &["KV. BJÖRKEN 4", "FLÄKTRUM"]),
    ("A-40.1-1100_bet-A.pdf", Kind::Pdf, State::Ready, 1, &["ÄNDRING A"]),
    ("alpha.webp", Kind::Webp, State::Ready, 1, &[]),
    ("arabic.pdf", Kind::Pdf, State::Ready, 1, &[]),
    ("bomb-giant-page.pdf", Kind::Pdf, State::ReadyOrFailed, 1, &[]),
    ("book-117-pages.pdf", Kind::Pdf, State::Ready, 117, &["Topologie"]),
    ("cad-layers-bricscad.pdf", Kind::Pdf, State::Ready, 1, &[]),
    ("damaged-hopeless.pdf", Kind::Pdf, State::Failed, 0, &[]),
    ("damaged-truncated.pdf", Kind::Pdf, State::ReadyOrFailed, 1, &[]),
    ("damaged-xref-repairable.pdf", Kind::Pdf, State::Ready, 1, &["Reduced test-case"]),
    ("document-reference-internal_3.0.bcf", Kind::Bcf, State::Ready, 1, &[]),
    (
        "drawing-set-6-sheets.pdf",
        Kind::Pdf,
        State::Ready,
        6,
        &["EXISTING WAREHOUSE AND STORAGE FACILITY"],
    ),
    ("growroom-part-1_r12.dwg", Kind::Dwg, State::Unsupported, 0, &[]),
    ("image-300dpi.png", Kind::Png, State::Ready, 1, &[]),
    ("japanese-font-not-embedded.pdf", Kind::Pdf, State::Ready, 1, &["あいうえお"]),
    ("large-sheet-arch-e1.pdf", Kind::Pdf, State::Ready, 1, &[]),
    ("leverans-A-handlingar.zip", Kind::Zip, State::Ready, 1, &["3 files"]),
    ("mail-with-attachments.msg", Kind::Msg, State::Ready, 1, &["test pièce jointe 1", "pj1.txt"]),
    ("mixed-page-sizes.pdf", Kind::Pdf, State::Ready, 3, &[]),
    ("multipage.tif", Kind::Tiff, State::Ready, 2, &[]),
    ("office-password.docx", Kind::LegacyOffice, State::Encrypted, 0, &[]),
    ("open-house_ifc4.ifc", Kind::Ifc, State::Unsupported, 0, &[]),
    ("password-ascii.pdf", Kind::Pdf, State::Encrypted, 0, &[]),
    ("password-nordic.pdf", Kind::Pdf, State::Encrypted, 0, &[]),
    ("photo-exif-orientation-6.jpg", Kind::Jpeg, State::Ready, 1, &[]),
    ("photo-phone.heic", Kind::Heic, State::Ready, 1, &[]),
    ("presentation-with-thumbnail.pptx", Kind::Pptx, State::Ready, 1, &[]),
    ("report-with-thumbnail.odt", Kind::OpenDocument, State::Ready, 1, &[]),
    (
        "reviderad-planritning.eml",
        Kind::Eml,
        State::Ready,
        1,
        &["Reviderad planritning A-40.1-1100 bet A – för granskning"],
    ),
    ("ritningsforteckning.xlsx", Kind::Xlsx, State::Unsupported, 0, &["Hus 1, fasad mot söder"]),
    ("ritningsforteckning.xml", Kind::Xml, State::Ready, 1, &["ö"]),
    ("roof-plan-A103_2018-11-08.dwg", Kind::Dwg, State::Ready, 1, &[]),
    ("roof-plan-A103_2019-10-29.dwg", Kind::Dwg, State::Ready, 1, &[]),
    ("scan-image-only.pdf", Kind::Pdf, State::Ready, 1, &[]),
    ("single-visible-wall_2.1.bcf", Kind::Bcf, State::Ready, 1, &[]),
    ("site-plan-A001_rev-1.pdf", Kind::Pdf, State::Ready, 1, &["New bike parking"]),
    ("site-plan-A001_rev-2.pdf", Kind::Pdf, State::Ready, 1, &["07/30/2018 - 11AM"]),
    (
        "structural-calculation.docx",
        Kind::Docx,
        State::Unsupported,
        0,
        &["Minimum Loads on Buildings"],
    ),
    ("testDXF_ascii.dxf", Kind::Dxf, State::Ready, 1, &[]),
    ("test-house_ifc2x3.ifc", Kind::Ifc, State::Unsupported, 0, &[]),
];

fn is_in(state: State, outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Ready => matches!(state, State::Ready | State::ReadyOrFailed),
        Outcome::Encrypted => state == State::Encrypted,
        Outcome::Failed { .. } => matches!(state, State::Failed | State::ReadyOrFailed),
        Outcome::Unsupported { .. } => state == State::Unsupported,
    }
}

#[test]
fn every_file_has_a_row() {
    let mut rows = TABLE.map(|(name, ..)| name.to_owned()).to_vec();
    rows.sort();
    assert_eq!(rows, names());
}

/// The bomb is a test of its own: it takes all that a worker may use.
#[tokio::test]
async fn every_file_ends_as_its_row_says() {
    for (name, kind, state, pages, texts) in TABLE {
        if name.starts_with("bomb") {
            continue;
        }
        let rendering = overview(name).await;
        assert!(is_in(state, &rendering.outcome), "{name}: {:?}", rendering.outcome);
        assert_eq!(rendering.kind, kind, "{name}");
        if rendering.outcome == Outcome::Ready {
            assert_eq!(rendering.page_count, pages, "{name}");
            has_thumbnail(name, &rendering);
        } else {
            assert!(rendering.images.is_empty(), "{name}");
        }
        let found = text(&rendering);
        for wanted in texts {
            assert!(found.contains(wanted), "{name} lacks {wanted:?}: {found:.2000}");
        }
    }
}

fn has_thumbnail(name: &str, rendering: &Rendering) {
    let [picture] = rendering.images.as_slice() else {
        panic!("{name}: {} pictures", rendering.images.len());
    };
    assert_eq!((picture.purpose, picture.page), (Purpose::Thumbnail, 1), "{name}");
    let decoded = image::load_from_memory(&picture.bytes).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (picture.width, picture.height), "{name}");
    assert!(picture.width.max(picture.height) <= 512, "{name}");
    let (first, size) = (decoded.to_rgb8(), rendering.pages.first().unwrap());
    let shades: std::collections::HashSet<_> = first.pixels().map(|pixel| pixel.0).collect();
    // The Japanese letters have no font, so that their page is blank.
    assert!(shades.len() > 1 || name.starts_with("japanese"), "{name} is blank");
    let is_wide = |width: f64, height: f64| width >= height;
    assert_eq!(
        is_wide(picture.width.into(), picture.height.into()),
        is_wide(size.width_pt.round(), size.height_pt.round()),
        "{name} stands on its side"
    );
}

#[tokio::test]
async fn a_bomb_costs_one_preview() {
    match render("bomb-giant-page.pdf", Task::Overview).await {
        Ok(rendering) => assert!(is_in(State::ReadyOrFailed, &rendering.outcome)),
        Err(error) => assert!(error.is_fault_of_file(), "{error:?}"),
    }
    assert_eq!(overview("mixed-page-sizes.pdf").await.outcome, Outcome::Ready);
}

#[tokio::test]
async fn text_that_is_only_in_one_issue_is_found_in_that_one() {
    let (first, second) = ("site-plan-A001_rev-1.pdf", "site-plan-A001_rev-2.pdf");
    assert!(!text(&overview(second).await).contains("New bike parking"));
    assert!(!text(&overview(first).await).contains("07/30/2018 - 11AM"));
    for silent in ["scan-image-only.pdf", "large-sheet-arch-e1.pdf"] {
        assert_eq!(text(&overview(silent).await), "", "{silent}");
    }
}

#[tokio::test]
async fn arabic_words_are_found() {
    let found = text(&overview("arabic.pdf").await);
    assert!(
        found
            .chars()
            .any(|letter| ('\u{600}'..='\u{6ff}').contains(&letter) || letter >= '\u{fb50}'),
        "{found}"
    );
}

#[tokio::test]
async fn words_stand_where_they_are_on_the_page() {
    let rendering = overview("A-40.1-1100.pdf").await;
    let size = rendering.pages[0];
    let words = &rendering.text[0].words;
    assert!(words.len() > 50);
    for word in words {
        let is_inside = word.x >= -1.0
            && word.y >= -1.0
            && word.x + word.width <= size.width_pt + 1.0
            && word.y + word.height <= size.height_pt + 1.0;
        assert!(is_inside && word.width > 0.0 && word.height > 0.0, "{word:?}");
    }
    // The title block is at the lower right.
    let quarter = words.iter().find(|word| word.text == "BJÖRKEN").unwrap();
    assert!(quarter.x > size.width_pt / 2.0 && quarter.y > size.height_pt / 2.0, "{quarter:?}");
}

#[tokio::test]
async fn every_page_keeps_its_own_size() {
    let sizes = overview("mixed-page-sizes.pdf").await.pages;
    let distinct: std::collections::BTreeSet<_> =
        sizes.iter().map(|size| (size.width_pt.to_bits(), size.height_pt.to_bits())).collect();
    assert_eq!((sizes.len(), distinct.len()), (3, 3));
    assert_eq!(sizes.iter().map(|size| size.number).collect::<Vec<_>>(), [1, 2, 3]);
}
