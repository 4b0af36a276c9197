//! Failures of ours: told with a trace id, explained in the log alone.

use std::fs;

use bindery_testkit::{Organization, Server, ServerOptions, stored_files, stored_root};

use crate::logs::lines;
use crate::support::PROGRAM;

#[tokio::test]
async fn a_500_never_shows_its_cause_and_the_log_does() {
    let args = ["--log-format", "json"].map(str::to_owned).to_vec();
    let server = Server::start(PROGRAM, ServerOptions { args, ..Default::default() });
    let organization = Organization::new(&server);
    let version = organization.document("lost.pdf", &[]).await;
    let files = stored_files(server.data_dir());
    assert_eq!(files.len(), 1, "{files:?}");
    fs::remove_file(&files[0]).unwrap();
    let answer = organization.anonymous().get(version["downloadUrl"].as_str().unwrap()).await;
    assert_eq!(answer.header("content-disposition"), "");
    let problem = answer.problem(500);
    let text = problem.to_string().to_lowercase();
    let folder = stored_root(server.data_dir()).display().to_string().to_lowercase();
    for cause in [folder.as_str(), "no such file", "os error", "blob", "panick"] {
        assert!(!text.contains(cause), "{text}");
    }
    let trace = problem["traceId"].clone();
    let told = |line: &serde_json::Value| {
        let text = line.to_string().to_lowercase();
        line["traceId"] == trace && (text.contains("no such file") || text.contains("missing"))
    };
    lines(&server, 1, told).await;
    // All else goes on.
    organization.document("next.pdf", &[]).await;
}
