//! One try at a part of a blob: its bytes out of the storage, through a child process, pictures back into the storage.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use bindery_blobs::{BlobError, BlobKey, Blobs, Expected};
use bindery_domain::{BlobId, OrganizationId, Scope};
use bindery_preview::{Outcome, Picture, Purpose, RenderRequest, Rendering, Worker};
use bindery_store::previews::SourceRow;
use bindery_store::{Store, organizations, previews};

use super::{Part, TileIndex};

/// A picture that is stored and not noted yet.
#[derive(Debug, Clone)]
pub(super) struct StoredPicture {
    pub(super) place: String,
    pub(super) id: BlobId,
    pub(super) media_type: &'static str,
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) size: i64,
    pub(super) sha256: [u8; 32],
}

/// What a try came to.
#[derive(Debug)]
pub(super) struct Made {
    /// Whose storage the pictures are in.
    pub(super) organization: OrganizationId,
    /// What the renderers said; its pictures are taken out.
    pub(super) rendering: Rendering,
    /// The pictures in the storage.
    pub(super) pictures: Vec<StoredPicture>,
    /// Of tiles: what lies where.
    pub(super) tiles: Option<TileIndex>,
    /// How long the renderers took.
    pub(super) took: Duration,
}

/// Why a try came to nothing.
#[derive(Debug)]
pub(super) enum Trouble {
    /// No version needs the bytes any more.
    Gone,
    /// The bytes are not in the storage: no further try helps.
    Missing,
    /// The file ended its worker; says how, for people.
    File(&'static str),
    /// Something of ours does not work.
    Ours(anyhow::Error),
}

/// What tries need.
#[derive(Clone)]
pub(super) struct Maker {
    pub(super) store: Store,
    pub(super) blobs: Blobs,
    pub(super) worker: Arc<Worker>,
    /// With less free space than this nothing is made: documents need it more.
    pub(super) min_free_bytes: u64,
}

impl Maker {
    /// Makes a part of a blob, up to pictures in the storage.
    pub(super) async fn make(
        &self,
        scope: &Scope,
        blob_key: i64,
        part: Part,
    ) -> Result<Made, Trouble> {
        let source = previews::source(&self.store, scope, blob_key).await.map_err(ours)?;
        let Some(SourceRow { id, is_live: true, file_name: Some(file_name), .. }) = source else {
            return Err(Trouble::Gone);
        };
        let free = self.blobs.free_space().map_err(ours)?;
        if free.is_some_and(|free| free < self.min_free_bytes) {
            return Err(Trouble::Ours(anyhow::anyhow!("less free space is left than min_free")));
        }
        let organization = organizations::load(&self.store, scope).await.map_err(ours)?.id;
        let input = match self.blobs.open_file(BlobKey { organization, blob: id }).await {
            Err(BlobError::Missing(_)) => return Err(Trouble::Missing),
            other => other.map_err(ours)?,
        };
        let request = RenderRequest { file_name, task: part.task() };
        let begun = Instant::now();
        let mut rendering = match self.worker.render(input, &request).await {
            Err(error) if error.is_fault_of_file() => return Err(Trouble::File(error.reason())),
            other => other.context("starting a worker").map_err(Trouble::Ours)?,
        };
        let took = begun.elapsed();
        let images = std::mem::take(&mut rendering.images);
        let mut made = Made { organization, rendering, pictures: Vec::new(), tiles: None, took };
        if made.rendering.outcome == Outcome::Ready {
            self.store_pictures(&mut made, part, images).await.map_err(Trouble::Ours)?;
        }
        Ok(made)
    }

    async fn store_pictures(
        &self,
        made: &mut Made,
        part: Part,
        images: Vec<Picture>,
    ) -> anyhow::Result<()> {
        if let Part::Tiles(_) = part {
            let pyramid = made.rendering.pyramid.take().context("tiles without their levels")?;
            let (index, bytes) = TileIndex::pack(&pyramid, &images);
            made.tiles = Some(index);
            if !bytes.is_empty() {
                let all = Whole { place: part.to_string(), media_type: PACKED, size: (0, 0) };
                let stored = self.store_one(made.organization, all, &bytes).await?;
                made.pictures.push(stored);
            }
            return Ok(());
        }
        for image in images {
            let place = match image.purpose {
                Purpose::Thumbnail => "thumbnail".to_owned(),
                Purpose::Page => Part::Page(image.page).to_string(),
                Purpose::Tile { .. } => continue,
            };
            let size = (i64::from(image.width), i64::from(image.height));
            let whole = Whole { place, media_type: image.media_type.as_str(), size };
            let stored = self.store_one(made.organization, whole, &image.bytes).await?;
            made.pictures.push(stored);
        }
        Ok(())
    }

    async fn store_one(
        &self,
        organization: OrganizationId,
        whole: Whole,
        bytes: &[u8],
    ) -> anyhow::Result<StoredPicture> {
        let id = BlobId::random();
        let (key, expected) =
            (BlobKey { organization, blob: id }, Expected { limit: u64::MAX, md5: None });
        let mut writer = self.blobs.begin(key, expected).await?;
        writer.write(bytes).await?;
        let stored = writer.finish().await?;
        let Whole { place, media_type, size: (width, height) } = whole;
        let size = i64::try_from(stored.size).context("the size of a picture")?;
        Ok(StoredPicture { place, id, media_type, width, height, size, sha256: stored.sha256 })
    }

    /// Removes pictures that nothing names. What stays after a failure is an orphan that the sweeper finds.
    pub(super) async fn remove(&self, organization: OrganizationId, ids: &[BlobId]) {
        for &blob in ids {
            if let Err(error) = self.blobs.remove(BlobKey { organization, blob }).await {
                tracing::warn!(%error, "a picture stays for the sweeper");
            }
        }
    }
}

/// The media type of tiles in one object.
const PACKED: &str = "application/octet-stream";

/// A picture on its way into the storage.
struct Whole {
    place: String,
    media_type: &'static str,
    size: (i64, i64),
}

fn ours(error: impl Into<anyhow::Error>) -> Trouble {
    Trouble::Ours(error.into())
}
