//! The program under measurement, on a demonstration of so many documents.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::http::{Answer, Connection};
use crate::report::Report;

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    /// `HOST:PORT`.
    pub(crate) address: String,
    /// The demonstration's tree as `provision --json` prints it.
    pub(crate) tree: Value,
    /// When it began.
    pub(crate) started: Instant,
    /// How long it took until it answered.
    started_within: Duration,
    token: String,
}

impl Server {
    /// Starts the server and says how long it took to answer.
    pub(crate) async fn start(
        program: &Path,
        data_dir: &Path,
        report: &mut Report,
    ) -> anyhow::Result<Self> {
        Self::start_with(program, data_dir, &[], report).await
    }

    /// The same, with further environment variables.
    pub(crate) async fn start_with(
        program: &Path,
        data_dir: &Path,
        environment: &[(String, String)],
        report: &mut Report,
    ) -> anyhow::Result<Self> {
        let server = Self::launch(program, data_dir, &[], environment).await?;
        let took = server.started_within;
        let name = data_dir.file_name().unwrap_or_default().to_string_lossy();
        report.judged(
            format!("start to first answer ({name})"),
            format!("{:.2} s", took.as_secs_f64()),
            "0.5 s",
            took < Duration::from_millis(500),
        );
        Ok(server)
    }

    /// Starts the server with further arguments and environment variables, and says nothing of it.
    pub(crate) async fn launch(
        program: &Path,
        data_dir: &Path,
        args: &[&str],
        environment: &[(String, String)],
    ) -> anyhow::Result<Self> {
        let tree =
            std::fs::read(data_dir.with_extension("json")).context("the demonstration's tree")?;
        let tree: Value = serde_json::from_slice(&tree)?;
        let started = Instant::now();
        let mut child = Command::new(program)
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--rate-limit",
                "1000000000/1m",
                "--min-free",
                "16MiB",
            ])
            .arg("--data-dir")
            .arg(data_dir)
            .envs(environment.iter().cloned())
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut first = String::new();
        BufReader::new(child.stdout.take().context("no stdout")?).read_line(&mut first)?;
        let address = first
            .trim()
            .strip_prefix("listening on http://")
            .context("the server did not start")?
            .to_owned();
        let started_within = Duration::ZERO;
        let token = String::new();
        let mut server = Self { child, address, tree, started, started_within, token };
        let answer = server.once(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await?;
        server.started_within = started.elapsed();
        if answer.status != 200 {
            bail!("healthz: {}", answer.status);
        }
        let token = server.once(&server.token_request()).await?.json()?;
        server.token = token["access_token"].as_str().context("no token")?.to_owned();
        Ok(server)
    }

    /// The process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The organization, the first of the tree.
    pub(crate) fn organization(&self) -> &Value {
        &self.tree["organizations"][0]
    }

    /// One call over a connection of its own.
    pub(crate) async fn once(&self, request: &[u8]) -> anyhow::Result<Answer> {
        Connection::open(&self.address).await?.call(request).await
    }

    /// The call that gets a token.
    pub(crate) fn token_request(&self) -> Vec<u8> {
        let clients = self.organization()["clients"].as_array().into_iter().flatten();
        let client =
            clients.clone().find(|client| client["role"] != "reader").unwrap_or(&Value::Null);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let body = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}&scope=ibinder_public",
            text(&client["id"]),
            text(&client["secret"])
        );
        let length = body.len();
        format!("POST /connect/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
    }

    /// A GET below `/api`, with token and tenant.
    pub(crate) fn get(&self, path: &str) -> Vec<u8> {
        format!("GET /api{path} HTTP/1.1\r\n{}\r\n", self.headers()).into_bytes()
    }

    /// A POST below `/api`, with token and tenant.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Vec<u8> {
        let body = body.to_string();
        let (headers, length) = (self.headers(), body.len());
        format!("POST /api{path} HTTP/1.1\r\n{headers}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
    }

    /// A search.
    pub(crate) fn search(&self, query: &str, filters: &Value, sort: &Value) -> Vec<u8> {
        self.post(
            &format!("/documents{query}"),
            &json!({ "MetadataFilters": filters, "SortBy": sort }),
        )
    }

    fn headers(&self) -> String {
        let organization = self.organization()["id"].as_str().unwrap_or_default();
        format!(
            "host: x\r\nauthorization: Bearer {}\r\nx-ibinder-tenantid: {organization}\r\n",
            self.token
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
