//! How a preview looks in answers.

use anyhow::Context as _;
use bindery_preview::PageSize;
use bindery_store::previews::{PreviewRow, PreviewState};
use bindery_store::versions::VersionRow;
use utoipa::ToSchema;

use crate::access::Caller;
use crate::api::ApiError;
use crate::api::json::JsonText;
use crate::api::presigned;
use crate::app::App;
use crate::links::Picture;

/// Millimetres of a point: 1/72 inch.
const MM: f64 = 25.4 / 72.0;

/// What there is to look at of a version.
#[derive(ToSchema)]
#[schema(as = Preview)]
#[expect(dead_code, reason = "describes what write writes")]
#[serde(rename_all = "camelCase")]
pub(crate) struct PreviewBody {
    /// Whether there is one.
    #[schema(example = "ready")]
    state: PreviewStateBody,
    /// Why there is none, for people; null while it is pending and when it is ready.
    #[schema(required)]
    reason: Option<String>,
    /// How many pages the file has; 0 when it has none or it is not known.
    #[schema(example = 1)]
    page_count: u32,
    /// The pages in their order; at most the first 1,000.
    pages: Vec<PageBody>,
}

/// Where a preview stands: `pending` (it is still to be made), `ready`, `unsupported` (there is none for this kind of
/// file), `encrypted` (the file opens with a password only), `failed` (the file is damaged or too much).
#[derive(ToSchema)]
#[schema(as = PreviewState)]
#[expect(dead_code, reason = "describes what write writes")]
#[serde(rename_all = "lowercase")]
pub(crate) enum PreviewStateBody {
    Pending,
    Ready,
    Unsupported,
    Encrypted,
    Failed,
}

/// A page, upright.
#[derive(ToSchema)]
#[schema(as = PreviewPage)]
#[expect(dead_code, reason = "describes what write writes")]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageBody {
    /// From 1.
    #[schema(example = 1)]
    number: u32,
    /// In points, 1/72 inch.
    #[schema(example = 2383.94)]
    width_pt: f64,
    /// In points.
    #[schema(example = 1683.78)]
    height_pt: f64,
    /// In millimetres.
    #[schema(example = 841.0)]
    width_mm: f64,
    /// In millimetres.
    #[schema(example = 594.0)]
    height_mm: f64,
    /// Its picture at 150 dots per inch, at most 4,096 pixels wide and high. Made when it is fetched for the first time.
    url: String,
    /// For pages larger than A3: the same in tiles, sharper.
    #[schema(required)]
    tiles: Option<TilesBody>,
}

/// A page as a pyramid of tiles, for zooming.
#[derive(ToSchema)]
#[schema(as = PreviewTiles)]
#[expect(dead_code, reason = "describes what write writes")]
#[serde(rename_all = "camelCase")]
pub(crate) struct TilesBody {
    /// Where it stands how the tiles fit together, as JSON: `{"tileSize": 512, "levels": [{"level": 0, "width": 9933,
    /// "height": 7016, "columns": 20, "rows": 14}, …]}`. Level 0 is the sharpest, each further one has half the width and
    /// height; columns and rows count from 0 at the top left, and tiles of the last ones may be smaller. The tiles are
    /// made when it is fetched for the first time.
    url: String,
    /// URL of a tile once `{level}`, `{column}` and `{row}` are replaced by numbers.
    #[schema(
        example = "https://documents.example.com/storage/…?sig=…&level={level}&column={column}&row={row}"
    )]
    url_template: String,
}

/// Writes what there is to look at.
///
/// # Errors
/// When what is stored cannot be read.
pub(super) fn write(
    text: &mut JsonText,
    app: &App,
    caller: &Caller,
    version: &VersionRow,
    preview: Option<&PreviewRow>,
) -> Result<(), ApiError> {
    let Some(preview) = preview else {
        text.raw(r#"{"state":"pending","reason":null,"pageCount":0,"pages":[]}"#);
        return Ok(());
    };
    text.raw("{\"state\":").plain(preview.state.as_str());
    text.raw(",\"reason\":").optional(preview.reason.as_deref());
    text.raw(",\"pageCount\":").number(preview.page_count).raw(",\"pages\":[");
    if preview.state == PreviewState::Ready {
        let sizes: Vec<(f64, f64)> =
            serde_json::from_str(&preview.pages).context("the pages of a preview")?;
        let renderer = u32::try_from(preview.renderer).context("the renderer of a preview")?;
        let pages = (1..).zip(sizes).map(|(number, (width_pt, height_pt))| PageSize {
            number,
            width_pt,
            height_pt,
        });
        text.items(&pages.collect::<Vec<_>>(), |text, page| {
            let url = |picture| presigned::preview(app, caller, version.id, (renderer, picture));
            write_page(text, page, url);
        });
    }
    text.raw("]}");
    Ok(())
}

fn write_page(text: &mut JsonText, page: &PageSize, url: impl Fn(Picture) -> String) {
    text.raw("{\"number\":").number(page.number.into());
    text.raw(",\"widthPt\":").hundredths(page.width_pt);
    text.raw(",\"heightPt\":").hundredths(page.height_pt);
    text.raw(",\"widthMm\":").hundredths(page.width_pt * MM);
    text.raw(",\"heightMm\":").hundredths(page.height_pt * MM);
    text.raw(",\"url\":").string(&url(Picture::Page(page.number))).raw(",\"tiles\":");
    if page.has_tiles() {
        let url = url(Picture::Tiles(page.number));
        text.raw("{\"url\":").string(&url).raw(",\"urlTemplate\":");
        text.string(&format!("{url}&level={{level}}&column={{column}}&row={{row}}")).raw("}");
    } else {
        text.raw("null");
    }
    text.raw("}");
}
