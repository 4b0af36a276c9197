//! Single documents and tokens against a bare handler.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;

use crate::bare::Bare;
use crate::load::{self, Measured};
use crate::report::Report;
use crate::server::Server;

const CONNECTIONS: usize = 32;
const LENGTH: Duration = Duration::from_secs(5);
/// Both are measured in turn so often; the median counts.
const ROUNDS: usize = 3;

/// Measures both.
pub(crate) async fn measure(server: &Server, report: &mut Report) -> anyhow::Result<()> {
    let (documents, alone) = documents_against_bare(server, "", (0.45, "0.45 x"), report).await?;
    let p99 = median(alone.iter().map(|(bare, ours)| ours.percentile(99) / bare.percentile(99)));
    report.judged("the same, p99", format!("{p99:.1} x"), "under 4 x", p99 < 4.0);
    beside_searches(server, documents, &alone, report).await?;
    let bare = Bare::start()?;
    let token = Arc::new(vec![server.token_request()]);
    let body = token[0].clone();
    let bare_post =
        String::from_utf8_lossy(&body).replacen("/connect/token", "/token", 1).into_bytes();
    let pairs = in_turn(&bare.address, Arc::new(vec![bare_post]), &server.address, token).await?;
    let ratio = median(pairs.iter().map(|(bare, ours)| ours.per_second() / bare.per_second()));
    let rate = median(pairs.iter().map(|(_, ours)| ours.per_second()));
    report.judged(
        "POST /connect/token (ES256), 32 connections, against a bare handler",
        format!("{ratio:.2} x ({rate:.0}/s)"),
        "0.25 x",
        ratio >= 0.25,
    );
    Ok(())
}

/// Requests, and what the bare handler and the server measured in turn.
type Alone = (Arc<Vec<Vec<u8>>>, Vec<(Measured, Measured)>);

/// Single documents; `name` is what the rows begin with, then come the least ratio and its words.
pub(crate) async fn documents_against_bare(
    server: &Server,
    name: &str,
    (least, target): (f64, &'static str),
    report: &mut Report,
) -> anyhow::Result<Alone> {
    let bare = Bare::start()?;
    let documents = Arc::new(documents(server).await?);
    let bare_get = Arc::new(vec![b"GET /document HTTP/1.1\r\nhost: x\r\n\r\n".to_vec()]);
    let pairs = in_turn(&bare.address, bare_get, &server.address, documents.clone()).await?;
    let ratio = median(pairs.iter().map(|(bare, ours)| ours.per_second() / bare.per_second()));
    let rate = median(pairs.iter().map(|(_, ours)| ours.per_second()));
    report.judged(
        format!("{name}GET document, 32 connections, against a bare handler"),
        format!("{ratio:.2} x ({rate:.0}/s)"),
        target,
        ratio >= least,
    );
    Ok((documents, pairs))
}

/// GET while four clients search a common term without pause.
async fn beside_searches(
    server: &Server,
    documents: Arc<Vec<Vec<u8>>>,
    alone: &[(Measured, Measured)],
    report: &mut Report,
) -> anyhow::Result<()> {
    let searches: Vec<_> = ["plan", "hus", "pdf", "plan 1"]
        .iter()
        .map(|term| {
            server.search(
                &format!("?searchTerm={}", term.replace(' ', "%20")),
                &Value::Null,
                &Value::Null,
            )
        })
        .collect();
    let (searches, gets) = tokio::join!(
        load::run(&server.address, 4, LENGTH, Arc::new(searches)),
        load::run(&server.address, CONNECTIONS, LENGTH, documents)
    );
    let alone = median(alone.iter().map(|(_, ours)| ours.percentile(99)));
    let ratio = gets?.percentile(99) / alone;
    let searches = searches?.per_second();
    report.judged(
        "GET document, p99 while 4 clients search a common term, against alone",
        format!("{ratio:.1} x ({searches:.0} searches/s)"),
        "under 5 x",
        ratio < 5.0,
    );
    Ok(())
}

async fn in_turn(
    bare: &str,
    bare_requests: Arc<Vec<Vec<u8>>>,
    ours: &str,
    our_requests: Arc<Vec<Vec<u8>>>,
) -> anyhow::Result<Vec<(Measured, Measured)>> {
    let mut pairs = Vec::new();
    for _ in 0..ROUNDS {
        let bare = load::run(bare, CONNECTIONS, LENGTH, bare_requests.clone()).await?;
        pairs.push((bare, load::run(ours, CONNECTIONS, LENGTH, our_requests.clone()).await?));
    }
    Ok(pairs)
}

/// Requests for documents from all over the organization.
async fn documents(server: &Server) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut requests = Vec::new();
    for page in [1, 7, 50, 400] {
        let query = format!("?pageSize=1000&pageNumber={page}");
        let found =
            server.once(&server.search(&query, &Value::Null, &Value::Null)).await?.json()?;
        for document in found["items"].as_array().context("no items")? {
            let id = document["id"].as_str().context("no id")?;
            requests.push(server.get(&format!("/documents/{id}")));
        }
    }
    Ok(requests)
}

/// The middle of the figures.
pub(crate) fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
