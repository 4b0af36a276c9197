//! In which of its shapes the program is tested: `BINDERY_TEST_SHAPE=solo` (default) or `scale-out`.
//!
//! Tests name a data folder, whatever the shape. With `scale-out` nothing is ever in it: each folder has a PostgreSQL
//! database and a prefix of an S3 storage that go with it, which the program is told of by its environment. Tests of what
//! only one shape has are in a module named after it: `solo` or `scale_out`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock};

use crate::{PostgresDatabase, PostgresServer, S3Place, S3Server};

/// A shape of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The embedded database, and files.
    Solo,
    /// A PostgreSQL server, and an S3 storage.
    ScaleOut,
}

impl Shape {
    /// The shape of this test run.
    pub fn of_run() -> Self {
        static SHAPE: OnceLock<Shape> = OnceLock::new();
        *SHAPE.get_or_init(|| match std::env::var("BINDERY_TEST_SHAPE").as_deref() {
            Err(_) | Ok("solo") => Self::Solo,
            Ok("scale-out") => Self::ScaleOut,
            Ok(other) => panic!("BINDERY_TEST_SHAPE is {other:?}, neither solo nor scale-out"),
        })
    }
}

/// The variable that tells the program of its database.
pub(crate) const DATABASE_URL: &str = "BINDERY_DATABASE_URL";

/// What goes with a data folder and is not in it.
struct Elsewhere {
    database: PostgresDatabase,
    storage: S3Place,
}

/// Below it the files lie in the bucket.
const PREFIX: &str = "bytes";

static PLACES: Mutex<Option<HashMap<PathBuf, Elsewhere>>> = Mutex::new(None);

/// The PostgreSQL server of this test binary, with a database that the program has migrated.
pub fn postgres(program: &Path) -> &'static PostgresServer {
    let program = program.to_owned();
    PostgresServer::shared(move |url| {
        let migrated = Command::new(program)
            .args(["migrate", "--database-url", url])
            .current_dir(std::env::temp_dir())
            .output()
            .unwrap();
        assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
    })
}

/// What the program is told in its environment so that it finds what goes with a data folder.
pub(crate) fn environment(program: &Path, data_dir: &Path) -> Vec<(String, String)> {
    if Shape::of_run() == Shape::Solo {
        return Vec::new();
    }
    let mut places = PLACES.lock().unwrap();
    let place = places.get_or_insert_default().entry(data_dir.to_owned());
    let place = place.or_insert_with(|| Elsewhere {
        database: postgres(program).database(),
        storage: S3Server::shared().new_place(),
    });
    let mut environment = place.storage.environment(PREFIX);
    environment.push((DATABASE_URL.to_owned(), place.database.url()));
    // One test source: what URLs that lead to the storage itself do not give is tested beside.
    environment.push(("BINDERY_DOWNLOAD_ACCESS".to_owned(), "proxied".to_owned()));
    environment
}

/// Forgets what goes with a data folder that is gone.
pub(crate) fn forget(data_dir: &Path) {
    let place = PLACES.lock().unwrap().as_mut().and_then(|all| all.remove(data_dir));
    if let Some(place) = place {
        let _ = std::fs::remove_dir_all(S3Server::shared().folder_of(&place.storage));
    }
}

/// The folder below which the stored files of a data folder lie under the names that the program calls them by.
pub fn stored_root(data_dir: &Path) -> PathBuf {
    match Shape::of_run() {
        Shape::Solo => data_dir.to_owned(),
        Shape::ScaleOut => {
            let places = PLACES.lock().unwrap();
            let place = places.as_ref().and_then(|all| all.get(data_dir)).expect("no such place");
            S3Server::shared().folder_of(&place.storage).join(PREFIX)
        }
    }
}

/// The stored files of a data folder, in order; nothing that is only on its way.
pub fn stored_files(data_dir: &Path) -> Vec<PathBuf> {
    let root = stored_root(data_dir);
    let mut folders = match Shape::of_run() {
        Shape::Solo => vec![root.join("blobs")],
        Shape::ScaleOut => vec![root.clone()],
    };
    let passing = ["uploads", "aside", "probe"].map(|name| root.join(name));
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        // In an S3 storage there are no folders: what holds nothing is gone.
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if !path.is_dir() {
                files.push(path);
            } else if !passing.contains(&path) {
                folders.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Changes rows behind the program's back. Panics when the statement fails.
pub fn tamper(data_dir: &Path, sql: &str) {
    match Shape::of_run() {
        Shape::Solo => {
            let database = rusqlite::Connection::open(data_dir.join("bindery.db")).unwrap();
            assert!(database.execute(sql, []).unwrap() > 0, "{sql} changes nothing");
        }
        Shape::ScaleOut => {
            let places = PLACES.lock().unwrap();
            let place = places.as_ref().and_then(|all| all.get(data_dir)).expect("no such place");
            place.database.run(sql);
        }
    }
}
