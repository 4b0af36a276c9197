//! Anonymous resident memory: what the kernel cannot drop, unlike mapped files.

use std::time::Duration;

use anyhow::Context;
use serde_json::Value;

use crate::http::Connection;
use crate::report::Report;
use crate::server::Server;

/// Anonymous resident memory of the server in MiB.
pub(crate) fn anonymous_mib(server: &Server) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid()))?;
    let line =
        status.lines().find_map(|line| line.strip_prefix("RssAnon:")).context("no RssAnon")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib / 1024.0)
}

/// One minute after the start.
pub(crate) async fn at_rest(server: &Server, report: &mut Report) -> anyhow::Result<()> {
    let minute = Duration::from_secs(60).saturating_sub(server.started.elapsed());
    tokio::time::sleep(minute).await;
    let mib = anonymous_mib(server)?;
    report.judged(
        "anonymous memory one minute after start",
        format!("{mib:.0} MiB"),
        "60 MiB",
        mib <= 60.0,
    );
    Ok(())
}

/// After the searches.
pub(crate) fn after_search(server: &Server, report: &mut Report) -> anyhow::Result<()> {
    let mib = anonymous_mib(server)?;
    report.judged(
        "anonymous memory after the searches",
        format!("{mib:.0} MiB"),
        "200 MiB",
        mib <= 200.0,
    );
    Ok(())
}

/// While the largest folder is listed, over and over.
pub(crate) async fn folder_list(server: &Server, report: &mut Report) -> anyhow::Result<()> {
    let Some((path, documents)) = largest_folder(server).await? else { return Ok(()) };
    let before = anonymous_mib(server)?;
    let mut most = before;
    let mut connection = Connection::open(&server.address).await?;
    for _ in 0..3 {
        let request = server.get(&path);
        let list = connection.call(&request);
        tokio::pin!(list);
        loop {
            tokio::select! {
                answer = &mut list => { answer?; break }
                () = tokio::time::sleep(Duration::from_millis(5)) => most = most.max(anonymous_mib(server)?),
            }
        }
    }
    let grown = most - before;
    report.judged(
        format!("growth during a folder list of {documents}"),
        format!("{grown:.1} MiB"),
        "20 MiB",
        grown <= 20.0,
    );
    Ok(())
}

/// The path of the list of the folder with the most documents, and how many there are.
async fn largest_folder(server: &Server) -> anyhow::Result<Option<(String, usize)>> {
    let mut most: Option<(String, usize)> = None;
    for binder in server.organization()["binders"].as_array().into_iter().flatten() {
        let mut folders: Vec<&Value> = binder["tabs"].as_array().into_iter().flatten().collect();
        while let Some(folder) = folders.pop() {
            folders.extend(folder["folders"].as_array().into_iter().flatten());
            let id = folder["id"].as_str().context("a folder without an id")?;
            let filter =
                serde_json::json!([{ "metadataElementId": "GLOBAL_TabId", "valueId": id }]);
            let found =
                server.once(&server.search("?pageSize=1", &filter, &Value::Null)).await?.json()?;
            let count = usize::try_from(found["totalCount"].as_u64().unwrap_or(0))?;
            if most.as_ref().is_none_or(|(_, known)| count > *known) {
                let binder = binder["id"].as_str().unwrap_or_default();
                most = Some((format!("/documents/drives/binders/{binder}/{id}/documents"), count));
            }
        }
    }
    Ok(most)
}
