//! A server process on a folder and a port of its own.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::server_log::ServerLog;
use crate::shape;

/// How a test wants its server.
#[derive(Debug, Clone, Default)]
pub struct ServerOptions {
    /// Further arguments of `bindery serve`.
    pub args: Vec<String>,
    /// Further environment variables, also of the commands that are run where the server is.
    pub env: Vec<(String, String)>,
    /// Where its data is; a fresh temporary folder when absent.
    pub data_dir: Option<PathBuf>,
    /// Its PostgreSQL database, whatever the shape of the test run; then `env` says where its bytes are.
    pub database_url: Option<String>,
    /// A command that runs the server, as `strace -f -o FILE`.
    pub wrapper: Vec<String>,
    /// A command that runs the program's other commands where the server is; `{pid}` is the server's process.
    pub command_wrapper: Vec<String>,
}

/// A running `bindery serve`; killed when dropped.
pub struct Server {
    program: PathBuf,
    url: String,
    data_dir: PathBuf,
    environment: Vec<(String, String)>,
    child: Mutex<Child>,
    log: ServerLog,
    command_wrapper: Vec<String>,
    folder: Option<TempDir>,
}

impl Server {
    /// Starts a server and waits for its first line.
    pub fn start(program: impl AsRef<Path>, options: ServerOptions) -> Self {
        let folder = options.data_dir.is_none().then(|| TempDir::new().unwrap());
        let data_dir = options
            .data_dir
            .clone()
            .unwrap_or_else(|| folder.as_ref().unwrap().path().join("data"));
        let mut environment = match options.database_url {
            Some(url) => vec![(shape::DATABASE_URL.to_owned(), url)],
            None => shape::environment(program.as_ref(), &data_dir),
        };
        environment.extend(options.env);
        let mut words: Vec<String> = options.wrapper.clone();
        words.push(program.as_ref().display().to_string());
        let mut child = Command::new(&words[0])
            .args(&words[1..])
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(&data_dir)
            .args(&options.args)
            // Most tests are not about previews: thousands of small files would keep the processor busy with them.
            .env("BINDERY_PREVIEW_WORKERS", "0")
            .envs(environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = ServerLog::read(child.stderr.take().unwrap());
        let mut first = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut first).unwrap();
        std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
        let Some(url) = first.trim().strip_prefix("listening on ") else {
            let status = child.wait();
            panic!("the server did not start ({status:?}): {first:?}\n{}", log.lines().join("\n"));
        };
        let url = url.to_owned();
        Self {
            program: program.as_ref().to_owned(),
            url,
            data_dir,
            environment,
            child: Mutex::new(child),
            log,
            command_wrapper: options.command_wrapper,
            folder,
        }
    }

    /// The one server that tests share which need nothing special; each works in an organization of its own.
    pub fn shared(program: &'static str) -> &'static Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        SHARED.get_or_init(|| Self::for_all(program, &[]))
    }

    /// A server for all tests of a run that want the same arguments.
    ///
    /// It is started by a thread that never ends under `setpriv --pdeathsig`, so that it dies with the test run.
    pub fn for_all(program: &'static str, args: &[&str]) -> Self {
        let (sender, receiver) = std::sync::mpsc::channel();
        let usual = ["--rate-limit", "100000000/1m", "--min-free", "1MiB"];
        let args: Vec<_> = usual.iter().chain(args).map(|arg| (*arg).to_owned()).collect();
        std::thread::spawn(move || {
            let wrapper = ["setpriv", "--pdeathsig", "KILL"].map(str::to_owned).to_vec();
            let options = ServerOptions { wrapper, args, ..Default::default() };
            let _ = sender.send(Self::start(program, options));
            loop {
                std::thread::park();
            }
        });
        receiver.recv().unwrap()
    }

    /// Where it listens, as `http://127.0.0.1:40123`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its data folder.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.lock().unwrap().id()
    }

    /// What it wrote to stderr so far.
    pub fn log(&self) -> Vec<String> {
        self.log.lines()
    }

    /// Runs a command of the program on this server's data, with this standard input.
    pub fn command_with_input(&self, args: &[&str], input: &str) -> Output {
        let pid = self.pid().to_string();
        let mut words: Vec<_> =
            self.command_wrapper.iter().map(|word| word.replace("{pid}", &pid)).collect();
        words.push(self.program.display().to_string());
        run_words(&words, &self.environment, &self.data_dir, args, input)
    }

    /// Runs a command of the program on this server's data.
    pub fn command(&self, args: &[&str]) -> Output {
        self.command_with_input(args, "")
    }

    /// Runs a command that must succeed and returns its stdout.
    pub fn command_ok(&self, args: &[&str]) -> String {
        stdout_of(args, self.command(args))
    }

    /// Makes what the provisioning text declares exist; returns the tree with every id.
    pub fn provision(&self, text: &str) -> serde_json::Value {
        let args = ["provision", "-", "--json"];
        let out = stdout_of(&args, self.command_with_input(&args, text));
        serde_json::from_str(&out).unwrap()
    }

    /// Sends a signal by name (`TERM`, `KILL`, `STOP`, `CONT`).
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([&format!("-{name}"), &self.pid().to_string()])
            .status()
            .unwrap();
        assert!(status.success(), "kill -{name}");
    }

    /// Waits for the process to end and returns its exit code.
    pub fn wait(&self) -> Option<i32> {
        self.child.lock().unwrap().wait().unwrap().code()
    }

    /// Waits so long for the process to end; its exit code, which a process that was killed has not.
    #[track_caller]
    pub fn wait_within(&self, patience: Duration) -> Option<i32> {
        let end = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.lock().unwrap().try_wait().unwrap() {
                return status.code();
            }
            assert!(Instant::now() < end, "it still runs after {patience:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Kills it at once, as a power cut would.
    pub fn kill(&self) {
        let mut child = self.child.lock().unwrap();
        let _ = child.kill();
        let _ = child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if self.folder.is_some() {
            shape::forget(&self.data_dir);
        }
    }
}

/// Runs a command of the program on a data folder, with this standard input.
pub fn run(program: &Path, data_dir: &Path, args: &[&str], input: &str) -> Output {
    let environment = shape::environment(program, data_dir);
    run_words(&[program.display().to_string()], &environment, data_dir, args, input)
}

/// Runs a command of the program with further environment variables.
pub fn run_with(
    program: &Path,
    env: &[(String, String)],
    data_dir: &Path,
    args: &[&str],
    input: &str,
) -> Output {
    let mut environment = shape::environment(program, data_dir);
    environment.extend(env.iter().cloned());
    run_words(&[program.display().to_string()], &environment, data_dir, args, input)
}

fn run_words(
    words: &[String],
    environment: &[(String, String)],
    data_dir: &Path,
    args: &[&str],
    input: &str,
) -> Output {
    let mut child = Command::new(&words[0])
        .args(&words[1..])
        .envs(environment.iter().cloned())
        .args(args)
        .arg("--data-dir")
        .arg(data_dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A command that refuses early may close its input: what it says matters then, not the pipe.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn stdout_of(args: &[&str], output: Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "bindery {args:?}: {}\n{stderr}", output.status);
    String::from_utf8(output.stdout).unwrap()
}
