//! The transaction that ends a job: what came of it, and the pictures.

use anyhow::Context as _;
use bindery_domain::{BlobId, Scope, Timestamp};
use bindery_preview::{Outcome, PageText, Rendering};
use bindery_store::derived::{self, DerivedRow};
use bindery_store::jobs::{self, JobRow};
use bindery_store::page_text;
use bindery_store::previews::{self, PartRow, PreviewRow, PreviewState};
use bindery_store::{StoreError, Tx};

use super::make::{Made, StoredPicture};
use super::{Part, RENDERER_VERSION};

/// What is written of one job. Its transaction may run again, so nothing here changes.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) scope: Scope,
    pub(super) job: JobRow,
    pub(super) blob_key: i64,
    pub(super) part: Part,
    pub(super) at: Timestamp,
    result: Came,
    pictures: Vec<StoredPicture>,
    text: Vec<(i64, Vec<u8>)>,
}

/// What came of it.
#[derive(Debug)]
enum Came {
    Preview(PreviewRow),
    Part(PartRow),
}

/// How the transaction ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Recorded {
    /// It is written; these bytes may go.
    Written(Vec<BlobId>),
    /// Another worker has the job, or no version needs the bytes any more: the new pictures may go.
    NotNeeded,
}

impl Record {
    /// What a try came to.
    ///
    /// # Errors
    /// When the text cannot be packed.
    pub(super) fn of_made(
        (scope, job): (Scope, JobRow),
        (blob_key, part): (i64, Part),
        at: Timestamp,
        made: &Made,
    ) -> anyhow::Result<Self> {
        let Made { rendering, pictures, .. } = made;
        let pictures = pictures.clone();
        let (state, reason) = match &rendering.outcome {
            Outcome::Ready => (PreviewState::Ready, None),
            Outcome::Unsupported { reason } => (PreviewState::Unsupported, Some(reason.clone())),
            Outcome::Encrypted => {
                (PreviewState::Encrypted, Some("the file opens with a password only".to_owned()))
            }
            Outcome::Failed { reason } => (PreviewState::Failed, Some(reason.clone())),
        };
        let renderer = i64::from(RENDERER_VERSION);
        let (result, text) = match part {
            Part::Overview => {
                let has_thumbnail = pictures.iter().any(|one| one.place == "thumbnail");
                let row = PreviewRow {
                    state,
                    reason,
                    kind: rendering.kind.name().to_owned(),
                    page_count: i64::from(rendering.page_count),
                    pages: page_sizes(rendering),
                    is_text_complete: rendering.is_text_complete,
                    renderer,
                    has_thumbnail,
                    updated: at,
                };
                (Came::Preview(row), pack_text(&rendering.text)?)
            }
            Part::Page(_) | Part::Tiles(_) => {
                let tiles = made.tiles.as_ref().map(super::TileIndex::to_json);
                (Came::Part(PartRow { reason, tiles, renderer }), Vec::new())
            }
        };
        Ok(Self { scope, job, blob_key, part, at, result, pictures, text })
    }

    /// A part that cannot be made.
    pub(super) fn of_failure(
        (scope, job): (Scope, JobRow),
        (blob_key, part): (i64, Part),
        at: Timestamp,
        reason: &str,
    ) -> Self {
        let (renderer, reason) = (i64::from(RENDERER_VERSION), Some(reason.to_owned()));
        let result = match part {
            Part::Overview => Came::Preview(PreviewRow {
                state: PreviewState::Failed,
                reason,
                kind: "unknown".to_owned(),
                page_count: 0,
                pages: "[]".to_owned(),
                is_text_complete: false,
                renderer,
                has_thumbnail: false,
                updated: at,
            }),
            Part::Page(_) | Part::Tiles(_) => Came::Part(PartRow { reason, tiles: None, renderer }),
        };
        Self { scope, job, blob_key, part, at, result, pictures: Vec::new(), text: Vec::new() }
    }

    /// Writes it, unless somebody else has. Locks are taken in one order: blob, job.
    pub(super) async fn write(&self, tx: &Tx) -> Result<Recorded, StoreError> {
        let scope = &self.scope;
        let is_needed = previews::lock_source(tx, scope, self.blob_key).await?;
        if !jobs::finish(tx, scope, &self.job).await? || !is_needed {
            return Ok(Recorded::NotNeeded);
        }
        let mut unneeded = Vec::new();
        match &self.result {
            Came::Preview(row) => {
                previews::save(tx, scope, self.blob_key, row).await?;
                page_text::replace(tx, scope, self.blob_key, &self.text).await?;
            }
            Came::Part(row) => {
                let name = self.part.to_string();
                previews::save_part(tx, scope, (self.blob_key, &name), row, self.at).await?;
            }
        }
        for picture in &self.pictures {
            unneeded.extend(derived::save(tx, scope, &self.derived(picture)).await?);
        }
        // After the new ones, so that a picture which did not change keeps its id.
        let renderer = i64::from(RENDERER_VERSION);
        unneeded.extend(derived::remove_older(tx, scope, self.blob_key, renderer).await?);
        Ok(Recorded::Written(unneeded))
    }

    fn derived(&self, picture: &StoredPicture) -> DerivedRow {
        DerivedRow {
            blob_key: self.blob_key,
            place: picture.place.clone(),
            id: picture.id,
            media_type: picture.media_type.to_owned(),
            width: picture.width,
            height: picture.height,
            size: picture.size,
            sha256: picture.sha256,
            renderer: i64::from(RENDERER_VERSION),
            created: self.at,
        }
    }
}

/// `[[width, height], …]` in pt, to the hundredth.
fn page_sizes(rendering: &Rendering) -> String {
    let sizes =
        rendering.pages.iter().map(|page| [hundredths(page.width_pt), hundredths(page.height_pt)]);
    serde_json::to_string(&sizes.collect::<Vec<_>>()).unwrap_or_else(|_| "[]".to_owned())
}

fn pack_text(pages: &[PageText]) -> anyhow::Result<Vec<(i64, Vec<u8>)>> {
    let with_words = pages.iter().filter(|page| !page.words.is_empty());
    let packed = with_words.map(|page| {
        let words = page.words.iter().map(|word| {
            let numbers = [word.x, word.y, word.width, word.height].map(hundredths);
            (&word.text, numbers[0], numbers[1], numbers[2], numbers[3])
        });
        let json = serde_json::to_vec(&words.collect::<Vec<_>>()).context("the text of a page")?;
        Ok((i64::from(page.number), miniz_oxide::deflate::compress_to_vec(&json, 6)))
    });
    packed.collect()
}

fn hundredths(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}
