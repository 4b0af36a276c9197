//! Prints how many one-row commits a second concurrent writers get, beside the syncs a second that one thread
//! gets from the same disk. By hand: `cargo run --release -p bindery-store --example commit_rate [FOLDER]`.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use bindery_store::{Query, Store, StoreError, StoreSettings, migrate, params};

/// How long each measurement takes.
const FOR: Duration = Duration::from_secs(3);
/// Rounds, since other work on the machine disturbs single ones.
const ROUNDS: usize = 3;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    let place = tempfile::tempdir_in(folder)?;
    for round in 1..=ROUNDS {
        let syncs = syncs_per_second(place.path())?;
        let settings = StoreSettings::Embedded { file: place.path().join(format!("{round}.db")) };
        let store = Store::open(&settings).await?;
        migrate::migrate(&store).await?;
        let one = commits_per_second(&store, 1).await?;
        let many = commits_per_second(&store, 32).await?;
        store.close().await?;
        println!(
            "{syncs:.0} syncs/s; commits/s: 1 writer {one:.0} ({:.2}), 32 writers {many:.0} ({:.2})",
            one / syncs,
            many / syncs
        );
    }
    Ok(())
}

/// Appends a page and syncs it, again and again.
fn syncs_per_second(folder: &Path) -> std::io::Result<f64> {
    let mut file = File::create(folder.join("syncs"))?;
    let began = Instant::now();
    let mut done = 0_u32;
    while began.elapsed() < FOR {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        done += 1;
    }
    Ok(f64::from(done) / began.elapsed().as_secs_f64())
}

async fn commits_per_second(store: &Store, writers: u32) -> Result<f64, StoreError> {
    let began = Instant::now();
    let mut tasks = Vec::new();
    for writer in 0..writers {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let mut done = 0_u32;
            while began.elapsed() < FOR {
                store
                    .write(move |tx| async move {
                        let sql = "insert into server_value (name, value) values ($1, $2)";
                        tx.query(sql, params![format!("{writers}-{writer}-{done}"), [0; 16]]).await
                    })
                    .await?;
                done += 1;
            }
            Ok::<_, StoreError>(done)
        }));
    }
    let mut done = 0;
    for task in tasks {
        done += task.await.map_err(|error| StoreError::Engine(Box::new(error)))??;
    }
    Ok(f64::from(done) / began.elapsed().as_secs_f64())
}
