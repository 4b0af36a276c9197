//! Copying stored bytes from one place to another, verified on the way.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::pin::pin;

use anyhow::{Context, bail};
use bindery_blobs::{BlobKey, Blobs, Expected};
use bindery_domain::BlobId;
use bindery_store::organizations::OrganizationRow;
use bindery_store::{Store, blobs, organizations, uploads};
use futures_util::StreamExt;

use super::compare::{Wrong, compare};

/// Rows read at once.
const CHUNK: i64 = 500;

/// How much was copied.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Copied {
    /// Files.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Copies every blob that the database needs: those of versions, and those that uploads hold.
///
/// # Errors
/// When a blob is missing, damaged, or cannot be written: a copy is whole or it is none.
pub(super) async fn copy_needed(
    store: &Store,
    from: &Blobs,
    to: &Blobs,
    mut progress: impl FnMut(Copied),
) -> anyhow::Result<Copied> {
    let mut copied = Copied::default();
    let copy_one = async |blob: Needed| {
        copied.add(copy(from, to, &blob).await?);
        progress(copied);
        Ok(())
    };
    each_needed(store, copy_one).await?;
    Ok(copied)
}

/// Reads every blob that the database needs where it lies.
///
/// # Errors
/// When a blob is missing or damaged.
pub(super) async fn verify_needed(
    store: &Store,
    bytes: &Blobs,
    mut progress: impl FnMut(Copied),
) -> anyhow::Result<Copied> {
    let mut verified = Copied::default();
    let verify_one = async |blob: Needed| {
        let path = blob.key.path();
        match compare(bytes, blob.key, i64::try_from(blob.size)?, &blob.sha256).await? {
            None => verified.add(blob.size),
            Some(Wrong::Missing) => bail!("blob {} is not in the storage", path.display()),
            Some(Wrong::Damaged(why)) => bail!("blob {} is damaged: {why}", path.display()),
        }
        progress(verified);
        Ok(())
    };
    each_needed(store, verify_one).await?;
    Ok(verified)
}

/// Writes the name of every blob that the database needs into a file, one a line: as they lie in the data folder, or
/// as the keys of an S3 storage.
///
/// # Errors
/// When the file cannot be written.
pub(super) async fn list_needed(
    store: &Store,
    bytes: &Blobs,
    file: &Path,
) -> anyhow::Result<Copied> {
    let mut out =
        BufWriter::new(File::create(file).with_context(|| format!("making {}", file.display()))?);
    let mut listed = Copied::default();
    let list_one = async |blob: Needed| {
        let name = match bytes.s3() {
            Some(s3) => s3.object(blob.key),
            None => bytes.locate(blob.key).display().to_string(),
        };
        writeln!(out, "{name}")?;
        listed.add(blob.size);
        Ok(())
    };
    each_needed(store, list_one).await?;
    out.flush()?;
    out.get_ref().sync_all()?;
    Ok(listed)
}

/// Does something with every blob that the database needs.
async fn each_needed(
    store: &Store,
    mut handle: impl AsyncFnMut(Needed) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    for organization in organizations::list(store).await? {
        let mut after = None;
        loop {
            let (needed, next) = needed(store, &organization, after).await?;
            for blob in needed {
                handle(blob).await?;
            }
            after = next;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(())
}

/// Bytes that the database needs.
struct Needed {
    key: BlobKey,
    size: u64,
    sha256: [u8; 32],
}

/// The next bytes that an organization needs; with the last ones come those that its uploads hold.
async fn needed(
    store: &Store,
    organization: &OrganizationRow,
    after: Option<BlobId>,
) -> anyhow::Result<(Vec<Needed>, Option<BlobId>)> {
    let scope = organization.scope();
    let needed = |blob: BlobId, size: i64, sha256: [u8; 32]| {
        let size = u64::try_from(size).context("a blob has a negative size")?;
        Ok(Needed { key: BlobKey { organization: organization.id, blob }, size, sha256 })
    };
    let chunk = blobs::list(store, &scope, after, CHUNK).await?;
    let live = chunk.rows.iter().filter(|blob| blob.dead_at.is_none());
    let mut all: Vec<_> = live.map(|blob| needed(blob.id, blob.size, blob.sha256)).collect();
    if chunk.next.is_none() {
        let held = uploads::held(store, &scope).await?;
        all.extend(held.iter().map(|held| needed(held.blob, held.size, held.sha256)));
    }
    Ok((all.into_iter().collect::<anyhow::Result<_>>()?, chunk.next))
}

impl Copied {
    fn add(&mut self, bytes: u64) {
        self.blobs += 1;
        self.bytes += bytes;
    }
}

async fn copy(from: &Blobs, to: &Blobs, blob: &Needed) -> anyhow::Result<u64> {
    let path = blob.key.path();
    let name = path.display();
    let reader = from.open_read(blob.key).await.with_context(|| format!("reading blob {name}"))?;
    let mut writer = to.begin(blob.key, Expected { limit: blob.size, md5: None }).await?;
    let size = reader.size();
    let mut pieces = pin!(reader.stream(0..size));
    while let Some(bytes) = pieces.next().await {
        let bytes = bytes.with_context(|| format!("reading blob {name}"))?;
        writer.write(&bytes).await.with_context(|| format!("copying blob {name}"))?;
    }
    let stored = writer.finish().await.with_context(|| format!("copying blob {name}"))?;
    if stored.size != blob.size || stored.sha256 != blob.sha256 {
        // Nothing of what is refused stays, so that the next try finds the place as this one did.
        to.remove(blob.key).await.with_context(|| format!("removing the copy of blob {name}"))?;
        bail!("blob {name} is damaged; run `bindery check` for the versions that it belongs to");
    }
    Ok(blob.size)
}
