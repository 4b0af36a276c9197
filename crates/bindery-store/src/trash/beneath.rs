//! What is beneath an object that goes into the trash or comes back: its marks, its counters, its search rows.

use bindery_domain::{FileName, Metadata, Schema, Scope};

use crate::changes::Changes;
use crate::search::index::{self, Indexed, Subject};
use crate::{Query, Row, StoreError, Tx, params, schema};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select d.document, d.tab, d.newest, d.versions, d.name, d.latest_label, ",
            "d.created_by, d.metadata from document d where d.org = $1 and ",
            $rest
        )
    };
}

/// So many documents are held at once.
const CHUNK: i64 = 500;

const ONE: &str = select!("d.document = $2");
pub(crate) const LIVE_OF_BINDER: &str = select!(
    "d.binder = $2 and d.trashed_at is null and d.trashed_by is null and d.newest > $3 \
     order by d.newest limit $4"
);
pub(crate) const LIVE_OF_FOLDER: &str = select!(
    "d.folder = $2 and d.trashed_at is null and d.trashed_by is null and d.newest > $3 \
     order by d.newest limit $4"
);
pub(crate) const MARKED: &str = select!(
    "d.binder = $2 and d.trashed_by_kind = $5 and d.trashed_by = $6 \
     and (d.trashed_at is not null or d.trashed_by is not null) and d.newest > $3 \
     order by d.newest limit $4"
);
const FOLDERS_UNDER: &str = "with recursive under (folder) as ( \
    select f.folder from folder f where f.org = $1 and f.folder = $3 \
    union all select c.folder from under u join folder c on c.parent = u.folder \
    where c.org = $1 and c.binder = $2 and c.trashed_at is null and c.trashed_by is null) \
    select folder from under";
const MARK_DOCUMENTS_OF_BINDER: &str = "update document set trashed_by = $2, \
    trashed_by_kind = 'binder' \
    where org = $1 and binder = $2 and trashed_at is null and trashed_by is null";
const MARK_FOLDERS_OF_BINDER: &str = "update folder set trashed_by = $2, \
    trashed_by_kind = 'binder' \
    where org = $1 and binder = $2 and trashed_at is null and trashed_by is null";
pub(crate) const MARK_DOCUMENTS_OF_FOLDER: &str = "update document set trashed_by = $3, \
    trashed_by_kind = 'folder' \
    where org = $1 and folder = $2 and trashed_at is null and trashed_by is null";
const MARK_FOLDER: &str = "update folder set trashed_by = $3, trashed_by_kind = 'folder' \
    where org = $1 and folder = $2 and trashed_at is null and trashed_by is null";
pub(crate) const UNMARK_DOCUMENTS: &str = "update document set trashed_by = null, trashed_by_kind = null \
    where org = $1 and binder = $2 and trashed_by_kind = $3 and trashed_by = $4 \
    and (trashed_at is not null or trashed_by is not null)";
const MARK_DOCUMENT: &str = "update document set trashed_by = $3, trashed_by_kind = 'binder' \
    where org = $1 and document = $2";
const UNMARK_DOCUMENT: &str = "update document set trashed_by = null, trashed_by_kind = null \
    where org = $1 and document = $2";
const UNMARK_FOLDERS: &str = "update folder set trashed_by = null, trashed_by_kind = null \
    where org = $1 and binder = $2 and trashed_by_kind = $3 and trashed_by = $4";

/// Which object's trashing hid something.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mark {
    /// A binder's, by its key.
    Binder(i64),
    /// A folder's or tab's, by its key.
    Folder(i64),
}

/// A binder part of which is hidden or shown.
pub(super) struct Beneath<'a> {
    tx: &'a Tx,
    scope: &'a Scope,
    binder: i64,
    schema: Schema,
    /// What that changes of the counters.
    pub(super) changes: Changes,
}

struct Document {
    key: i64,
    tab: i64,
    newest: i64,
    versions: i64,
    name: String,
    label: String,
    created_by: String,
    metadata: String,
}

/// Into the trash or back.
#[derive(Debug, Clone, Copy)]
pub enum Way {
    /// Into the trash: out of sight.
    Out,
    /// Back from it.
    In,
}

impl Mark {
    fn parts(self) -> (&'static str, i64) {
        match self {
            Self::Binder(key) => ("binder", key),
            Self::Folder(key) => ("folder", key),
        }
    }
}

impl<'a> Beneath<'a> {
    pub(super) async fn load(
        tx: &'a Tx,
        scope: &'a Scope,
        binder: i64,
    ) -> Result<Self, StoreError> {
        let mut changes = Changes::default();
        changes.touch(binder);
        Ok(Self { tx, scope, binder, schema: schema::load(tx, scope, binder).await?, changes })
    }

    pub(super) async fn hide(&mut self, mark: Mark) -> Result<(), StoreError> {
        let org = self.scope.owner();
        match mark {
            Mark::Binder(binder) => {
                self.move_all(LIVE_OF_BINDER, binder, None, Way::Out).await?;
                self.tx.query(MARK_DOCUMENTS_OF_BINDER, params![org, binder]).await?;
                self.tx.query(MARK_FOLDERS_OF_BINDER, params![org, binder]).await?;
            }
            Mark::Folder(top) => {
                let rows = self.tx.query(FOLDERS_UNDER, params![org, self.binder, top]).await?;
                for mut row in rows {
                    let folder: i64 = row.take(0)?;
                    self.move_all(LIVE_OF_FOLDER, folder, None, Way::Out).await?;
                    self.tx.query(MARK_DOCUMENTS_OF_FOLDER, params![org, folder, top]).await?;
                    // The top is trashed itself already, so it gets no mark.
                    self.tx.query(MARK_FOLDER, params![org, folder, top]).await?;
                }
            }
        }
        Ok(())
    }

    pub(super) async fn show(&mut self, mark: Mark) -> Result<(), StoreError> {
        self.move_all(MARKED, self.binder, Some(mark), Way::In).await?;
        let (kind, key) = mark.parts();
        let values = params![self.scope.owner(), self.binder, kind, key];
        self.tx.query(UNMARK_DOCUMENTS, values.clone()).await?;
        self.tx.query(UNMARK_FOLDERS, values).await.map(drop)
    }

    pub(super) async fn hide_one(&mut self, document: i64) -> Result<(), StoreError> {
        self.move_one(document, Way::Out).await
    }

    pub(super) async fn show_one(&mut self, document: i64) -> Result<(), StoreError> {
        self.move_one(document, Way::In).await
    }

    /// Moves documents of the binder by themselves, with its mark, but leaves so many for the binder to take along.
    pub(super) async fn move_ahead(
        &mut self,
        way: Way,
        most: i64,
        leave: i64,
    ) -> Result<i64, StoreError> {
        let (org, binder) = (self.scope.owner(), self.binder);
        let mut values = params![org, binder, i64::MIN, most.saturating_add(leave)];
        let sql = match way {
            Way::Out => LIVE_OF_BINDER,
            Way::In => {
                let (kind, key) = Mark::Binder(binder).parts();
                values.extend(params![kind, key]);
                MARKED
            }
        };
        let rows = self.tx.query(sql, values).await?;
        let moved = i64::try_from(rows.len()).map_or(most, |found| (found - leave).clamp(0, most));
        for row in rows.into_iter().zip(0..moved).map(|(row, _)| row) {
            let document = Document::read(row)?;
            self.move_document(&document, way).await?;
            match way {
                Way::Out => {
                    self.tx.query(MARK_DOCUMENT, params![org, document.key, binder]).await?
                }
                Way::In => self.tx.query(UNMARK_DOCUMENT, params![org, document.key]).await?,
            };
        }
        Ok(moved)
    }

    async fn move_one(&mut self, document: i64, way: Way) -> Result<(), StoreError> {
        let rows = self.tx.query(ONE, params![self.scope.owner(), document]).await?;
        for row in rows {
            self.move_document(&Document::read(row)?, way).await?;
        }
        Ok(())
    }

    /// Takes the documents out of the counters and the search index, or into them, a chunk at a time.
    async fn move_all(
        &mut self,
        sql: &'static str,
        place: i64,
        mark: Option<Mark>,
        way: Way,
    ) -> Result<(), StoreError> {
        let mut after = i64::MIN;
        loop {
            let mut values = params![self.scope.owner(), place, after, CHUNK];
            if let Some((kind, key)) = mark.map(Mark::parts) {
                values.extend(params![kind, key]);
            }
            let rows = self.tx.query(sql, values).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in rows {
                let document = Document::read(row)?;
                after = document.newest;
                self.move_document(&document, way).await?;
            }
        }
    }

    async fn move_document(&mut self, document: &Document, way: Way) -> Result<(), StoreError> {
        let indexed = document.indexed(self.binder, &self.schema)?;
        let sign = match way {
            Way::Out => {
                index::remove(self.tx, self.scope, &indexed).await?;
                -1
            }
            Way::In => {
                index::insert(self.tx, self.scope, &indexed).await?;
                1
            }
        };
        self.changes.usage.documents += sign;
        self.changes.usage.versions += sign * document.versions;
        Ok(())
    }
}

impl Document {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            key: row.take(0)?,
            tab: row.take(1)?,
            newest: row.take(2)?,
            versions: row.take(3)?,
            name: row.take(4)?,
            label: row.take(5)?,
            created_by: row.take(6)?,
            metadata: row.take(7)?,
        })
    }

    fn indexed(&self, binder: i64, schema: &Schema) -> Result<Indexed, StoreError> {
        let corrupt = |why: String| StoreError::Corrupt(format!("document {}: {why}", self.key));
        let name = FileName::parse(&self.name).map_err(corrupt)?;
        let metadata =
            Metadata::from_json(&self.metadata).map_err(|error| corrupt(error.to_string()))?;
        let subject = Subject {
            document: self.key,
            binder,
            tab: self.tab,
            newest: self.newest,
            name: &name,
            label: &self.label,
            created_by: &self.created_by,
            metadata: &metadata,
        };
        Indexed::of(schema, &subject)
    }
}
