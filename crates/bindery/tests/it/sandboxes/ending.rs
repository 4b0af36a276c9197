//! A sandbox ends by itself, with all it has.

use std::time::{Duration, Instant};

use bindery_testkit::{Server, stored_files};

use super::{open, server, visitor};
use crate::support::operator::check_is_clean;

/// Waits until the operator sees no organization any more.
async fn until_no_organization(server: &Server) {
    let end = Instant::now() + Duration::from_secs(90);
    while server.command_ok(&["organization", "list", "--json"]).contains("\"id\"") {
        assert!(Instant::now() < end, "the sandbox is still there\n{}", server.log().join("\n"));
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

#[tokio::test]
async fn an_expired_sandbox_leaves_nothing() {
    let server = server(&["--sandbox-expiry", "1s", "--sandbox-max", "1"]);
    let visitor = visitor(&server).await;
    visitor.commit("mine.pdf", b"%PDF-mine").await;
    assert!(visitor.expires_at.ends_with('Z'), "{}", visitor.expires_at);
    until_no_organization(&server).await;
    // Rows go before bytes, so the last file may go a moment later.
    let end = Instant::now() + Duration::from_secs(30);
    while !stored_files(server.data_dir()).is_empty() {
        assert!(Instant::now() < end, "{:?}", stored_files(server.data_dir()));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    visitor.client.get("/api/binders").await.problem(401);
    check_is_clean(server.data_dir());
    // Its place is free for the next visitor.
    open(&server).await.expect(201);
}
