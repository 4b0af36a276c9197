//! What the framework alone can do: an axum handler that serializes a small JSON value.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use anyhow::Context;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Serialize;
use tokio::net::TcpListener;

/// The argument that makes this program the bare server.
pub(crate) const ARGUMENT: &str = "bare";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    id: String,
    file_name: String,
    folder_id: String,
    binder_id: String,
    metadata: Vec<Value>,
    latest_version_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Value {
    metadata_element_id: String,
    value_id: String,
}

static DOCUMENT: LazyLock<Document> = LazyLock::new(|| Document {
    id: "0d1c1f0e-3f0e-4b52-9a1f-5a3c7c3f0b11".to_owned(),
    file_name: "A-40.1-1100 Hus 1, plan 1, planritning.pdf".to_owned(),
    folder_id: "0d1c1f0e-3f0e-4b52-9a1f-5a3c7c3f0b12".to_owned(),
    binder_id: "Kv4rnen_1".to_owned(),
    metadata: (0..12)
        .map(|n| Value {
            metadata_element_id: format!("element-{n}"),
            value_id: "value".to_owned(),
        })
        .collect(),
    latest_version_id: "0d1c1f0e-3f0e-4b52-9a1f-5a3c7c3f0b13".to_owned(),
});

/// A process that serves the handler; killed when dropped.
pub(crate) struct Bare {
    child: Child,
    /// `HOST:PORT`.
    pub(crate) address: String,
}

impl Bare {
    /// Starts it.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let mut child =
            Command::new(std::env::current_exe()?).arg(ARGUMENT).stdout(Stdio::piped()).spawn()?;
        let mut address = String::new();
        BufReader::new(child.stdout.take().context("no stdout")?).read_line(&mut address)?;
        Ok(Self { child, address: address.trim().to_owned() })
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until it is killed.
pub(crate) async fn serve() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    #[expect(clippy::print_stdout, reason = "tells its parent where it is")]
    {
        println!("{}", listener.local_addr()?);
    }
    let answer = || async { Json(&*DOCUMENT) };
    let router = Router::new().route("/document", get(answer)).route("/token", post(answer));
    Ok(axum::serve(listener, router).await?)
}
