//! A PostgreSQL server for the suite: started by the first test that needs it, gone with the test process.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use bindery_store::{Store, StoreSettings, migrate};
use tokio_postgres::NoTls;

/// Runs beside the suite, as the user `postgres` where the suite runs as root: PostgreSQL refuses root.
/// It waits for the end of its input, which comes when the test process ends, however it ends. The place is
/// in /tmp because the path of a socket may have 107 characters only.
const GUARD: &str = r#"
    set -e
    place=$(mktemp -d /tmp/bindery-postgres.XXXXXX)
    trap '"$0/pg_ctl" -D "$place/data" -m immediate -s stop >>"$place/log" 2>&1; rm -rf "$place"' EXIT
    failed() { cat "$place/log" >&2; exit 1; }
    "$0/initdb" -D "$place/data" --no-sync -A trust -U bindery --locale=C -E UTF8 >"$place/log" 2>&1 || failed
    options="-k $place -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=400"
    options="$options -c shared_buffers=64MB -c deadlock_timeout=50ms"
    "$0/pg_ctl" -D "$place/data" -w -s -l "$place/log" -o "$options" start >&2 || failed
    echo "$place"
    read -r _ || true
"#;

/// The running server.
pub(crate) struct PostgresServer {
    place: PathBuf,
    /// Holds the other end of the guard's input.
    _guard: Child,
}

static SERVER: OnceLock<PostgresServer> = OnceLock::new();
static DATABASES: AtomicUsize = AtomicUsize::new(0);

/// The server, with a database of the present schema to clone.
pub(crate) fn server() -> &'static PostgresServer {
    SERVER.get_or_init(|| {
        let server = start();
        let url = server.url("migrated");
        // A runtime of its own: this may be inside of a test's.
        let made = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                server.run("create database migrated").await;
                let store = Store::open(&StoreSettings::Postgres { url }).await.unwrap();
                migrate::migrate(&store).await.unwrap();
                store.close().await.unwrap();
            });
            server
        });
        made.join().unwrap()
    })
}

impl PostgresServer {
    /// Makes a database out of a template, and gives its name.
    pub(crate) async fn create(&self, template: &str) -> String {
        let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        self.run(&format!("create database {name} template {template}")).await;
        name
    }

    /// Drops a database, whoever is connected to it.
    pub(crate) fn drop_database(&'static self, name: String) {
        let dropped = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(self.run(&format!("drop database {name} with (force)")));
        });
        // A failing test is told by its own panic, not by this one.
        let _ = dropped.join();
    }

    pub(crate) fn url(&self, database: &str) -> String {
        let place = self.place.display().to_string().replace('/', "%2F");
        format!("postgres://bindery@{place}/{database}")
    }

    async fn run(&self, sql: &str) {
        let (client, connection) =
            tokio_postgres::connect(&self.url("postgres"), NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
    }
}

fn start() -> PostgresServer {
    let programs = programs().expect(
        "the suite needs PostgreSQL's own programs (initdb, pg_ctl) in /usr/lib/postgresql/*/bin or on PATH: \
         install the package postgresql",
    );
    let is_root = rustix::process::geteuid().is_root();
    let mut command = Command::new(if is_root { "runuser" } else { "sh" });
    if is_root {
        command.args(["-u", "postgres", "--", "sh"]);
    }
    // A group of its own: an interrupt at the keyboard ends the suite, and then the guard cleans up.
    command.arg("-c").arg(GUARD).arg(&programs).current_dir("/").process_group(0);
    let guard = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut guard = guard.expect("starting the guard of the PostgreSQL server");
    let mut place = String::new();
    let told = guard.stdout.take().map(|out| BufReader::new(out).read_line(&mut place));
    if !matches!(told, Some(Ok(1..))) {
        let mut why = String::new();
        let _ = guard.stderr.take().map(|mut err| err.read_to_string(&mut why));
        panic!("the PostgreSQL server of the suite did not start: {why}");
    }
    PostgresServer { place: PathBuf::from(place.trim()), _guard: guard }
}

/// The folder of the newest release's programs.
fn programs() -> Option<PathBuf> {
    let has_all = |folder: &Path| {
        ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).exists())
    };
    let release = |folder: &PathBuf| -> u32 {
        let release =
            folder.parent().and_then(|release| release.file_name()?.to_str()?.parse().ok());
        release.unwrap_or(0)
    };
    let releases = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let installed =
        releases.map(|release| release.path().join("bin")).filter(|folder| has_all(folder));
    installed.max_by_key(release).or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| has_all(folder))
    })
}
