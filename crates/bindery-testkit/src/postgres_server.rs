//! A PostgreSQL server for a test binary: started by the first test that needs it, gone with the test process.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio_postgres::{NoTls, SimpleQueryMessage};

/// Runs beside the suite, as the user `postgres` where the suite runs as root: PostgreSQL refuses root.
/// It waits for the end of its input, which comes when the test process ends, however it ends. The place is
/// in /tmp because the path of a socket may have 107 characters only.
const GUARD: &str = r#"
    set -e
    place=$(mktemp -d /tmp/bindery-postgres.XXXXXX)
    trap '"$0/pg_ctl" -D "$place/data" -m immediate -s stop >>"$place/log" 2>&1; rm -rf "$place"' EXIT
    failed() { cat "$place/log" >&2; exit 1; }
    "$0/initdb" -D "$place/data" --no-sync -A trust -U bindery --locale=C.UTF-8 -E UTF8 >"$place/log" 2>&1 || failed
    options="-k $place -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=400"
    options="$options -c shared_buffers=64MB -c deadlock_timeout=50ms -c port=$BINDERY_TEST_PORT"
    if [ -n "${BINDERY_TEST_KEY:-}" ]; then
        umask 077
        printf '%s' "$BINDERY_TEST_KEY" >"$place/data/server.key"
        printf '%s' "$BINDERY_TEST_CERTIFICATE" >"$place/data/server.crt"
        options="$options -c ssl=on -c listen_addresses=127.0.0.1"
    fi
    "$0/pg_ctl" -D "$place/data" -w -s -l "$place/log" -o "$options" start >&2 || failed
    echo "$place"
    read -r _ || true
"#;

/// The running server.
pub struct PostgresServer {
    place: PathBuf,
    port: u16,
    /// Holds the other end of the guard's input.
    _guard: Child,
}

/// A database of a test's own, dropped with this.
pub struct PostgresDatabase {
    server: &'static PostgresServer,
    name: String,
}

static SERVER: OnceLock<PostgresServer> = OnceLock::new();
static DATABASES: AtomicUsize = AtomicUsize::new(0);
/// The name of the socket: each server has it in a folder of its own.
const PORT: u16 = 5432;
/// The database that those of the tests are clones of.
const TEMPLATE: &str = "migrated";

impl PostgresServer {
    /// The server of this test binary. The first to ask has `migrate` bring the database of a URL to the present schema:
    /// tests get clones of it.
    pub fn shared(migrate: impl FnOnce(&str) + Send + 'static) -> &'static Self {
        SERVER.get_or_init(|| {
            // A thread of its own: this may be inside of a test's runtime.
            let made = std::thread::spawn(move || {
                let server = Self::start();
                server.run(&format!("create database {TEMPLATE}"));
                migrate(&server.url(TEMPLATE));
                server
            });
            made.join().expect("starting the PostgreSQL server of the suite")
        })
    }

    /// A server of a test's own, for what would disturb others; no database in it has a schema.
    pub fn start() -> Self {
        Self::launch(PORT, None)
    }

    /// The same, listening on 127.0.0.1 with this certificate and its key, both PEM.
    pub fn start_with_tls(certificate: &str, key: &str) -> Self {
        // Free a moment ago; should another have taken it since, the server says so.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::launch(port, Some((certificate, key)))
    }

    fn launch(port: u16, tls: Option<(&str, &str)>) -> Self {
        let programs = programs().expect(
            "the suite needs PostgreSQL's own programs (initdb, pg_ctl) in /usr/lib/postgresql/*/bin or on PATH: \
             install the package postgresql",
        );
        let mut command = as_postgres("sh");
        command.env("BINDERY_TEST_PORT", port.to_string());
        if let Some((certificate, key)) = tls {
            command.env("BINDERY_TEST_CERTIFICATE", certificate).env("BINDERY_TEST_KEY", key);
        }
        // A group of its own: an interrupt at the keyboard ends the suite, and then the guard cleans up.
        command.arg("-c").arg(GUARD).arg(&programs).current_dir("/").process_group(0);
        let guard =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut guard = guard.expect("starting the guard of the PostgreSQL server");
        let mut place = String::new();
        let told = guard.stdout.take().map(|out| BufReader::new(out).read_line(&mut place));
        if !matches!(told, Some(Ok(1..))) {
            let mut why = String::new();
            let _ = guard.stderr.take().map(|mut err| err.read_to_string(&mut why));
            panic!("the PostgreSQL server of the suite did not start: {why}");
        }
        Self { place: PathBuf::from(place.trim()), port, _guard: guard }
    }

    /// Restarts it as an operator would: connections break, what was committed stays.
    pub fn restart(&self) {
        let data = self.place.join("data").display().to_string();
        let mut command = as_postgres(&programs().unwrap().join("pg_ctl").display().to_string());
        command.args(["-D", &data, "-m", "fast", "-w", "-s", "restart", "-l"]);
        command.arg(self.place.join("log"));
        assert!(command.current_dir("/").status().unwrap().success(), "pg_ctl restart");
    }

    /// Stops all of its processes where they are, as a host does that hangs.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// Lets them go on.
    pub fn resume(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let pid_file = std::fs::read_to_string(self.place.join("data/postmaster.pid")).unwrap();
        let postmaster = pid_file.lines().next().unwrap().to_owned();
        // The postmaster first: then no process is made that would be missed.
        let kill = |pids: &[String]| {
            // A process may end before its turn comes.
            Command::new("kill").arg(format!("-{name}")).args(pids).status().unwrap();
        };
        kill(std::slice::from_ref(&postmaster));
        let children = format!("/proc/{postmaster}/task/{postmaster}/children");
        let children = std::fs::read_to_string(children).unwrap();
        kill(&children.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    }

    /// A clone of the migrated database.
    pub fn database(&'static self) -> PostgresDatabase {
        self.clone_of(TEMPLATE)
    }

    /// A database without a schema.
    pub fn empty_database(&'static self) -> PostgresDatabase {
        self.clone_of("template1")
    }

    fn clone_of(&'static self, template: &str) -> PostgresDatabase {
        let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        self.run(&format!("create database {name} template {template}"));
        PostgresDatabase { server: self, name }
    }

    /// Where a database of the server is.
    pub fn url(&self, database: &str) -> String {
        let place = self.place.display().to_string().replace('/', "%2F");
        format!("postgres://bindery@{place}:{}/{database}", self.port)
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder of its files, socket and log.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Runs statements as the server's owner.
    pub fn run(&self, sql: &str) {
        ask(&self.url("postgres"), sql);
    }

    /// The number that a query yields.
    pub fn number(&self, sql: &str) -> i64 {
        ask(&self.url("postgres"), sql).expect("the query yields no number")
    }
}

impl PostgresDatabase {
    /// Where it is.
    pub fn url(&self) -> String {
        self.server.url(&self.name)
    }

    /// Runs statements in it.
    pub fn run(&self, sql: &str) {
        ask(&self.url(), sql);
    }

    /// The number that a query yields.
    pub fn number(&self, sql: &str) -> i64 {
        ask(&self.url(), sql).expect("the query yields no number")
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let sql = format!("drop database {} with (force)", self.name);
        let server = self.server;
        // A failing test is told by its own panic, not by this one.
        let _ = std::thread::spawn(move || server.run(&sql)).join();
    }
}

/// Runs statements on a connection of their own and gives the number that they yield; panics when one fails.
fn ask(url: &str, sql: &str) -> Option<i64> {
    let (url, sql) = (url.to_owned(), sql.to_owned());
    // A thread and a runtime of its own: this may be inside of a test's.
    let ran = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
            tokio::spawn(connection);
            let rows = client.simple_query(&sql).await.unwrap();
            rows.iter().find_map(|row| match row {
                SimpleQueryMessage::Row(row) => row.get(0)?.parse().ok(),
                _ => None,
            })
        })
    });
    ran.join().expect("running SQL on the suite's PostgreSQL server")
}

/// A command as a user whom PostgreSQL does not refuse: it refuses root.
fn as_postgres(program: &str) -> Command {
    if !rustix::process::geteuid().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--", program]);
    command
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
