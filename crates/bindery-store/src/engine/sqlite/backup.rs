//! A consistent copy of the database while it is in use.

use std::fs::File;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::watch::Caller;
use crate::StoreError;

/// How many pages are copied between two looks at the caller: 16 MiB.
const PAGES: i32 = 4_096;

/// Copies the database to a new file and syncs it.
pub(super) fn copy(from: &Path, to: &Path, caller: &Caller) -> Result<(), StoreError> {
    let target = File::options().write(true).create_new(true).open(to);
    target.map_err(|error| StoreError::Schema(format!("cannot make {}: {error}", to.display())))?;
    let copied = pages(from, to, caller);
    if copied.is_err() {
        // Half a copy must not be taken for one; the error of the copy is the one to tell.
        let _ = std::fs::remove_file(to);
    }
    copied
}

fn pages(from: &Path, to: &Path, caller: &Caller) -> Result<(), StoreError> {
    let source = Connection::open(from).map_err(engine)?;
    // The copy sees one state of the database: what others commit meanwhile neither gets in nor starts it anew.
    source.execute_batch("pragma query_only = on; begin").map_err(engine)?;
    source.query_row("select count(*) from sqlite_schema", [], |_| Ok(())).map_err(engine)?;
    let mut target = Connection::open(to).map_err(engine)?;
    let backup = Backup::new(&source, &mut target).map_err(engine)?;
    while backup.step(PAGES).map_err(engine)? != StepResult::Done {
        if caller.has_hung_up() {
            return Err(StoreError::Interrupted);
        }
    }
    drop(backup);
    target.close().map_err(|(_, error)| engine(error))?;
    File::open(to)
        .and_then(|file| file.sync_all())
        .map_err(|error| StoreError::Engine(Box::new(error)))?;
    let folder =
        to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| StoreError::Engine(Box::new(error)))
}

fn engine(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => StoreError::Full,
        _ => StoreError::Engine(Box::new(error)),
    }
}
