//! Bringing the schema up to date: numbered texts embedded in the binary, each applied once, in a transaction.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, digest};

use crate::{Query, Sql, Store, StoreError, Tx, params};

/// All migrations, in their order. A text that was released is never changed: its checksum is in databases.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "foundation",
        text: Sql::Each {
            sqlite: Cow::Borrowed(include_str!("../migrations/sqlite/0001_foundation.sql")),
            postgres: Cow::Borrowed(include_str!("../migrations/postgres/0001_foundation.sql")),
        },
    },
    Migration {
        version: 2,
        name: "previews",
        text: Sql::Each {
            sqlite: Cow::Borrowed(include_str!("../migrations/sqlite/0002_previews.sql")),
            postgres: Cow::Borrowed(include_str!("../migrations/postgres/0002_previews.sql")),
        },
    },
    Migration {
        version: 3,
        name: "sandboxes",
        text: Sql::Each {
            sqlite: Cow::Borrowed(include_str!("../migrations/sqlite/0003_sandboxes.sql")),
            postgres: Cow::Borrowed(include_str!("../migrations/postgres/0003_sandboxes.sql")),
        },
    },
];

/// What the database knows of its migrations.
const TABLE: Sql = Sql::Each {
    sqlite: Cow::Borrowed(
        "create table migration (version integer primary key, name text not null, checksum blob not null,
             applied integer not null) strict",
    ),
    postgres: Cow::Borrowed(
        "create table migration (version bigint primary key, name text collate \"C\" not null,
             checksum bytea not null, applied bigint not null)",
    ),
};

/// One step of the schema.
#[derive(Debug)]
struct Migration {
    version: i64,
    name: &'static str,
    text: Sql,
}

/// A migration that a database has.
struct Applied {
    version: i64,
    name: String,
    checksum: Vec<u8>,
}

/// Where the schema of a database stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The last migration that the database has; 0 for an empty one.
    pub version: i64,
    /// What this binary would apply, in order: `0002_name`.
    pub pending: Vec<String>,
}

/// Applies the migrations that the database lacks.
///
/// # Errors
/// As [`apply`].
pub async fn migrate(store: &Store) -> Result<(), StoreError> {
    apply_among(store, MIGRATIONS).await.map(|_| ())
}

/// Compares the database with this binary, and changes nothing.
///
/// # Errors
/// [`StoreError::Schema`] when the database is newer than this binary, or has another text for a migration.
pub async fn status(store: &Store) -> Result<Status, StoreError> {
    status_among(store, MIGRATIONS).await
}

/// Applies the migrations that the database lacks and tells their names.
///
/// Two processes may do this at the same time: each migration is applied once.
///
/// # Errors
/// As [`status`], and whatever a migration fails with; those before it stay applied.
pub async fn apply(store: &Store) -> Result<Vec<String>, StoreError> {
    let done = apply_among(store, MIGRATIONS).await?;
    for title in &done {
        tracing::info!("applied migration {title}");
    }
    Ok(done)
}

/// Copies an embedded database beside itself before it is migrated: `bindery.db.before-0002`.
///
/// Gives the copy's path; none when nothing is pending, the database is empty, or it is a PostgreSQL.
/// A copy of the same name is one of an attempt before, and is replaced.
///
/// # Errors
/// As [`status`] and [`Store::backup_to`].
pub async fn copy_before(store: &Store) -> Result<Option<PathBuf>, StoreError> {
    copy_before_among(store, MIGRATIONS).await
}

async fn status_among(store: &Store, migrations: &[Migration]) -> Result<Status, StoreError> {
    let applied = read_applied(store).await?;
    let pending = pending(&applied, migrations, |sql| store.text_of(sql))?;
    Ok(Status {
        version: applied.last().map_or(0, |last| last.version),
        pending: pending.iter().map(Migration::title).collect(),
    })
}

async fn apply_among(
    store: &Store,
    migrations: &'static [Migration],
) -> Result<Vec<String>, StoreError> {
    let mut done = Vec::new();
    // One transaction each: what has succeeded stays when a later one fails.
    while let Some(title) = store.write(move |tx| apply_next(tx, migrations)).await? {
        done.push(title);
    }
    Ok(done)
}

async fn copy_before_among(
    store: &Store,
    migrations: &[Migration],
) -> Result<Option<PathBuf>, StoreError> {
    let status = status_among(store, migrations).await?;
    let (Some(file), Some(next)) = (store.file(), status.pending.first()) else { return Ok(None) };
    if status.version == 0 {
        return Ok(None);
    }
    let number = next.split('_').next().unwrap_or(next);
    let beside = |ending: &str| {
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(format!(".before-{number}{ending}"));
        file.with_file_name(name)
    };
    let (copy, part) = (beside(""), beside(".part"));
    let failed = |error: std::io::Error| StoreError::Engine(Box::new(error));
    match std::fs::remove_file(&part) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    store.backup_to(&part).await?;
    std::fs::rename(&part, &copy).map_err(failed)?;
    Ok(Some(copy))
}

/// Applies the first migration that is missing.
async fn apply_next(
    tx: Tx,
    migrations: &'static [Migration],
) -> Result<Option<String>, StoreError> {
    // SQLite has one writer at a time; on PostgreSQL whoever comes second waits here, and then sees what the
    // first has done.
    let alone = Sql::Each {
        sqlite: "select 1".into(),
        postgres: "select 1 from (select pg_advisory_xact_lock(4775927368)) as locked".into(),
    };
    tx.query(alone, params![]).await?;
    if !has_table(&tx).await? {
        tx.query(TABLE, params![]).await?;
    }
    let applied = read_applied(&tx).await?;
    let Some(next) = pending(&applied, migrations, |sql| tx.text_of(sql))?.first() else {
        return Ok(None);
    };
    let text = tx.text_of(&next.text);
    tx.batch(text).await?;
    let sql = "insert into migration (version, name, checksum, applied) values ($1, $2, $3, $4)";
    tx.query(sql, params![next.version, next.name, checksum(text), now()]).await?;
    Ok(Some(next.title()))
}

/// The migrations that come after those applied.
fn pending<'a, 'm>(
    applied: &[Applied],
    migrations: &'m [Migration],
    text_of: impl Fn(&'m Sql) -> &'a str,
) -> Result<&'m [Migration], StoreError> {
    for (n, has) in applied.iter().enumerate() {
        let title = title(has.version, &has.name);
        let Some(known) = migrations.get(n) else {
            return Err(StoreError::Schema(format!(
                "the database is newer than this program: it has migration {title}; run the newer program, or \
                 restore the copy made before that migration"
            )));
        };
        if known.version != has.version || checksum(text_of(&known.text)) != has.checksum {
            return Err(StoreError::Schema(format!(
                "migration {title} of the database is not the {} that this program knows; it was made by \
                 another build: run that one",
                known.title()
            )));
        }
    }
    Ok(&migrations[applied.len()..])
}

async fn has_table(db: &impl Query) -> Result<bool, StoreError> {
    let sql = Sql::Each {
        sqlite: "select 1 from sqlite_schema where type = 'table' and name = 'migration'".into(),
        // Read from the table: `to_regclass` answers from a memory that does not hear of others in the middle of a
        // transaction, so whoever has waited for its turn would not see what the first has made.
        postgres: "select 1 from pg_tables where tablename = 'migration' \
            and schemaname = any(current_schemas(false))"
            .into(),
    };
    Ok(db.query_opt(sql, params![]).await?.is_some())
}

async fn read_applied(db: &impl Query) -> Result<Vec<Applied>, StoreError> {
    if !has_table(db).await? {
        return Ok(Vec::new());
    }
    let rows = db
        .query("select version, name, checksum from migration order by version", params![])
        .await?;
    let applied = rows.into_iter().map(|mut row| {
        Ok(Applied { version: row.take(0)?, name: row.take(1)?, checksum: row.take(2)? })
    });
    applied.collect()
}

impl Migration {
    fn title(&self) -> String {
        title(self.version, self.name)
    }
}

fn title(version: i64, name: &str) -> String {
    format!("{version:04}_{name}")
}

fn checksum(text: &str) -> Vec<u8> {
    digest(&SHA256, text.as_bytes()).as_ref().to_vec()
}

/// Microseconds since 1970: a note for people, which nothing is decided by.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
