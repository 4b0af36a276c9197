//! Blocks of unfinished uploads: each an object of its own, so that any server takes any block and any puts them
//! together.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{S3, S3Reader, S3Writer};
use crate::ledger::{Ledger, Share, lock};
use crate::{BlobError, BlobKey, BlockId, Expected, Stored, UploadKey};

/// Other servers take blocks of the same upload; what they took is looked up so often. Until then several servers
/// together may take more than the limit; what is put together never is more.
const LOOKED_UP_EVERY: Duration = Duration::from_secs(10);

/// Blocks up to this size are fetched ahead.
const SMALL: u64 = 1 << 20;
/// How many of them.
const AHEAD: usize = 8;
/// Objects removed side by side.
const REMOVED_AT_ONCE: usize = 8;

/// A block in the making.
#[derive(Debug)]
pub(crate) struct S3Block {
    s3: S3,
    key: String,
    object: S3Writer,
    share: Share,
}

/// A block on its way into the blob.
enum Piece {
    Small(Bytes),
    Large(S3Reader),
}

impl S3 {
    pub(crate) async fn begin_block(
        &self,
        key: UploadKey,
        id: BlockId,
        expected: Expected,
    ) -> Result<S3Block, BlobError> {
        let ledger = self.ledger(key).await?;
        let key = self.key(&key.block_object(&id));
        let share = Share::begin(ledger, id.object_name(), expected.limit)?;
        let object = S3Writer::of_block(self.clone(), key.clone(), expected);
        Ok(S3Block { s3: self.clone(), key, object, share })
    }

    pub(crate) async fn assemble(
        &self,
        key: UploadKey,
        list: &[BlockId],
        limit: u64,
        blob: BlobKey,
    ) -> Result<Stored, BlobError> {
        let sizes = self.block_sizes(key).await?;
        let mut total = 0_u64;
        let mut pieces = Vec::with_capacity(list.len());
        for id in list {
            let size = *sizes.get(&id.object_name()).ok_or(BlobError::UnknownBlock)?;
            total = total.saturating_add(size);
            pieces.push(S3Reader::of_block(self, self.key(&key.block_object(id)), size));
        }
        if total > limit {
            return Err(BlobError::TooLarge { limit });
        }
        let mut writer = self.begin(blob, Expected { limit, md5: None });
        let mut pieces = stream::iter(pieces).map(fetch).buffered(AHEAD);
        while let Some(piece) = pieces.next().await {
            match piece? {
                Piece::Small(bytes) => writer.write(&bytes).await?,
                Piece::Large(reader) => {
                    let size = reader.size();
                    let mut bytes = std::pin::pin!(reader.stream(0..size));
                    while let Some(bytes) = bytes.try_next().await? {
                        writer.write(&bytes).await?;
                    }
                }
            }
        }
        writer.finish().await
    }

    pub(crate) async fn remove_blocks(&self, key: UploadKey) -> Result<(), BlobError> {
        self.inner.ledgers.end(key);
        let mut after = None;
        loop {
            let page = self.page(&self.key(&key.objects()), after).await?;
            let keys = page.objects.into_iter().map(|object| object.key);
            let removals = keys.map(|key| async move { self.delete(&key).await });
            stream::iter(removals).buffer_unordered(REMOVED_AT_ONCE).try_collect::<()>().await?;
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// What is known of an upload's blocks.
    async fn ledger(&self, key: UploadKey) -> Result<Arc<Mutex<Ledger>>, BlobError> {
        let ledger = self.inner.ledgers.of(key);
        if !lock(&ledger).is_known(LOOKED_UP_EVERY) {
            let sizes = self.block_sizes(key).await?;
            lock(&ledger).learn(sizes);
        }
        Ok(ledger)
    }

    async fn block_sizes(&self, key: UploadKey) -> Result<HashMap<String, u64>, BlobError> {
        let folder = self.key(&key.block_objects());
        let (mut sizes, mut after) = (HashMap::new(), None);
        loop {
            let page = self.page(&folder, after).await?;
            for object in page.objects {
                let name = object.key.strip_prefix(&folder).map(str::to_owned);
                sizes.extend(name.map(|name| (name, object.size)));
            }
            after = page.next;
            if after.is_none() {
                return Ok(sizes);
            }
        }
    }
}

impl S3Block {
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        self.share.take(bytes.len() as u64)?;
        self.object.write(bytes).await
    }

    pub(crate) fn size(&self) -> u64 {
        self.object.size()
    }

    pub(crate) async fn finish(self) -> Result<(), BlobError> {
        let Self { s3, key, object, mut share } = self;
        share.check_open()?;
        let stored = object.finish().await?;
        let placed = share.place(stored.size, || Ok(()));
        if placed.is_err() {
            // The upload ended while the block was stored.
            s3.delete(&key).await?;
        }
        placed
    }
}

/// Begins to fetch a block.
async fn fetch(reader: S3Reader) -> Result<Piece, BlobError> {
    if reader.size() > SMALL {
        return Ok(Piece::Large(reader));
    }
    let len = usize::try_from(reader.size()).unwrap_or_default();
    let bytes = reader.read_at(0, len).await?;
    if bytes.len() == len { Ok(Piece::Small(bytes)) } else { Err(BlobError::Ended) }
}
