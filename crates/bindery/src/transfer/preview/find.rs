//! Finding a picture, having it made where it is not there yet, and again where its bytes were lost.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{Context, SHA256};
use bindery_blobs::{BlobError, BlobKey, BlobReader};
use bindery_domain::{Kind, Refusal, Scope, Timestamp};
use bindery_store::derived::{self, DerivedRow};
use bindery_store::previews::{self, PreviewState};
use bindery_store::{StoreError, organizations, versions};

use super::super::Transfer;
use crate::api::ApiError;
use crate::api::json::JsonText;
use crate::links::{Picture, PreviewLink, parameter};
use crate::previews::{Part, Tile, TileIndex, ask};

/// How long a call waits for a picture that is being made.
const PATIENCE: Duration = Duration::from_secs(25);
/// A worker of another process rings no bell here.
const LOOK: Duration = Duration::from_millis(250);
const GONE: Refusal = Refusal::NotFound(Kind::File);

/// A white tile: those without any mark are not stored.
const BLANK: &[u8] = include_bytes!("blank.png");

/// A picture and what is said of it.
pub(super) struct Found {
    pub(super) bytes: Bytes,
    pub(super) size: u64,
    pub(super) media_type: String,
    /// Tells it from any other picture.
    pub(super) digest: [u8; 32],
    pub(super) created: Timestamp,
    /// Whether the renderers have made it that the URL names.
    pub(super) is_current: bool,
}

/// Where its bytes are.
pub(super) enum Bytes {
    /// In the storage, from this byte on.
    Stored { reader: BlobReader, offset: u64 },
    /// Here.
    Given(Cow<'static, [u8]>),
}

/// What was wanted: the blob, and what of it.
struct Wanted<'a> {
    link: &'a PreviewLink,
    scope: Scope,
    blob_key: i64,
    part: Part,
    tile: Option<Tile>,
}

/// Finds what a checked URL names, waiting while it is made.
pub(super) async fn find(
    transfer: &Transfer,
    link: &PreviewLink,
    query: &str,
) -> Result<Found, ApiError> {
    let organization = organizations::find(&transfer.store, link.organization).await?;
    let organization = organization.filter(|row| row.disabled_at.is_none()).ok_or(GONE)?;
    let scope = Scope::own(organization.key);
    let version = versions::find_by_id(&transfer.store, &scope, link.version).await?.ok_or(GONE)?;
    let (part, tile) = match link.picture {
        Picture::Thumbnail => (Part::Overview, None),
        Picture::Page(page) => (Part::Page(page), None),
        Picture::Tiles(page) => (Part::Tiles(page), tile(query)?),
    };
    let wanted = Wanted { link, scope, blob_key: version.blob.key, part, tile };
    let begun = Instant::now();
    loop {
        if let Some(found) = wanted.look(transfer).await? {
            return Ok(found);
        }
        if begun.elapsed() > PATIENCE {
            return Err(ApiError::Unavailable);
        }
        let of = (wanted.blob_key, part);
        ask(&transfer.store, &transfer.bell, &scope, of, transfer.clock.now()).await?;
        transfer.bell.wait_until_done(LOOK).await;
    }
}

/// Which tile a query asks for; `None` when it asks how they fit together.
fn tile(query: &str) -> Result<Option<Tile>, Refusal> {
    let given = ["level", "column", "row"].map(|name| parameter(query, name));
    match given {
        [None, None, None] => Ok(None),
        [Some(level), Some(column), Some(row)] => {
            let number = |text: String| text.parse::<u32>().map_err(|_| GONE);
            Ok(Some(Tile { level: number(level)?, column: number(column)?, row: number(row)? }))
        }
        _ => Err(GONE),
    }
}

impl Wanted<'_> {
    /// The picture if it is there; an error when it never will be.
    async fn look(&self, transfer: &Transfer) -> Result<Option<Found>, ApiError> {
        let name = match self.link.picture {
            Picture::Thumbnail => "thumbnail".to_owned(),
            Picture::Page(_) | Picture::Tiles(_) => self.part.to_string(),
        };
        let store = &transfer.store;
        let row = derived::find(store, &self.scope, self.blob_key, &name).await?;
        if self.part == Part::Overview {
            return match row {
                Some(row) => self.open(transfer, row, None).await,
                None => self.check_pending(transfer).await.map(|()| None),
            };
        }
        let part = previews::find_part(store, &self.scope, self.blob_key, &name).await?;
        let least = i64::from(crate::previews::RENDERER_VERSION);
        let Some(part) = part.filter(|part| part.renderer >= least) else {
            self.check_page(transfer).await?;
            return Ok(None);
        };
        if part.reason.is_some() {
            return Err(GONE.into());
        }
        let index = part.tiles.as_deref().map(TileIndex::from_json).transpose();
        let index = index.map_err(anyhow::Error::from)?;
        let now = transfer.clock.now();
        match (row, &index, self.tile) {
            (row, Some(index), None) => {
                Ok(Some(description(index, row.map_or(now, |row| row.created))))
            }
            (_, Some(index), Some(tile)) if !index.has(tile) => Err(GONE.into()),
            (row, Some(index), Some(tile)) if index.find(tile).is_none() => {
                Ok(Some(blank(row.map_or(now, |row| row.created))))
            }
            (Some(row), ..) => self.open(transfer, row, index).await,
            // It was made and is not there: it was lost before.
            (None, ..) => self.lose(transfer, None).await.map(|()| None),
        }
    }

    /// Only what is still to be made is worth waiting for.
    async fn check_pending(&self, transfer: &Transfer) -> Result<(), ApiError> {
        let preview = previews::find(&transfer.store, &self.scope, self.blob_key).await?;
        match preview.map(|row| (row.state, row.has_thumbnail)) {
            None | Some((PreviewState::Pending, _) | (PreviewState::Ready, false)) => Ok(()),
            Some((PreviewState::Ready, true)) => self.lose(transfer, None).await,
            Some(_) => Err(GONE.into()),
        }
    }

    /// Only pages that the file has are worth a worker.
    async fn check_page(&self, transfer: &Transfer) -> Result<(), ApiError> {
        let (Part::Page(page) | Part::Tiles(page)) = self.part else { return Ok(()) };
        let preview = previews::find(&transfer.store, &self.scope, self.blob_key).await?;
        let is_there = preview.is_some_and(|row| {
            row.state == PreviewState::Ready && (1..=row.page_count).contains(&i64::from(page))
        });
        if is_there { Ok(()) } else { Err(GONE.into()) }
    }

    async fn open(
        &self,
        transfer: &Transfer,
        row: DerivedRow,
        index: Option<TileIndex>,
    ) -> Result<Option<Found>, ApiError> {
        let (offset, size, media_type, digest) = match (self.tile, &index) {
            (Some(tile), Some(index)) => match index.find(tile) {
                Some(place) => {
                    let digest = digest_of_tile(&row, tile);
                    (place.offset, place.size, place.media_type.to_owned(), digest)
                }
                None => return Ok(Some(blank(row.created))),
            },
            _ => {
                let size = u64::try_from(row.size).map_err(anyhow::Error::from)?;
                (0, size, row.media_type.clone(), row.sha256)
            }
        };
        let key = BlobKey { organization: self.link.organization, blob: row.id };
        let reader = match transfer.blobs.open_read(key).await {
            Ok(reader) if i64::try_from(reader.size()) == Ok(row.size) => reader,
            Ok(_) | Err(BlobError::Missing(_)) => {
                self.lose(transfer, Some(row)).await?;
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        Ok(Some(Found {
            bytes: Bytes::Stored { reader, offset },
            size,
            media_type,
            digest,
            created: row.created,
            is_current: row.renderer == i64::from(self.link.renderer),
        }))
    }

    /// Forgets a picture whose bytes are not in the storage, so that it is made again. Nothing is lost by it.
    async fn lose(&self, transfer: &Transfer, row: Option<DerivedRow>) -> Result<(), ApiError> {
        tracing::warn!(
            event = "preview_lost", version.id = %self.link.version, part = %self.part,
            "a picture is not in the storage any more; it is made again"
        );
        let (scope, blob_key, part) = (self.scope, self.blob_key, self.part);
        let forget = move |tx| {
            let row = row.clone();
            async move {
                if let Some(row) = &row {
                    derived::remove(&tx, &scope, row).await?;
                }
                if part == Part::Overview {
                    previews::lose_thumbnail(&tx, &scope, blob_key).await
                } else {
                    previews::remove_part(&tx, &scope, blob_key, &part.to_string()).await
                }
            }
        };
        Ok(transfer.store.write::<_, _, _, StoreError>(forget).await?)
    }
}

/// A tile without a mark.
fn blank(created: Timestamp) -> Found {
    given(Cow::Borrowed(BLANK), "image/png", created)
}

/// How the tiles of a page fit together.
fn description(index: &TileIndex, created: Timestamp) -> Found {
    let mut text = JsonText::default();
    text.raw("{\"tileSize\":").number(index.tile_px().into()).raw(",\"levels\":[");
    text.items(index.levels(), |text, level| {
        text.raw("{\"level\":").number(level.level.into());
        text.raw(",\"width\":").number(level.width.into());
        text.raw(",\"height\":").number(level.height.into());
        text.raw(",\"columns\":").number(level.columns.into());
        text.raw(",\"rows\":").number(level.rows.into()).raw("}");
    });
    text.raw("]}");
    given(Cow::Owned(text.into_bytes()), "application/json", created)
}

fn given(bytes: Cow<'static, [u8]>, media_type: &str, created: Timestamp) -> Found {
    let mut digest = [0; 32];
    digest.copy_from_slice(aws_lc_rs::digest::digest(&SHA256, &bytes).as_ref());
    let (size, media_type) = (bytes.len() as u64, media_type.to_owned());
    Found { bytes: Bytes::Given(bytes), size, media_type, digest, created, is_current: true }
}

/// All tiles of a page are one object; what tells them apart is their place in it.
fn digest_of_tile(row: &DerivedRow, tile: Tile) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(&row.sha256);
    for number in [tile.level, tile.column, tile.row] {
        context.update(&number.to_be_bytes());
    }
    let mut digest = [0; 32];
    digest.copy_from_slice(context.finish().as_ref());
    digest
}
