//! The database restarts, or hangs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bindery_testkit::{Client, PostgresServer, run};

use super::{Cluster, is_ready, nothing_is_lost};
use crate::support::PROGRAM;
use crate::support::traffic::Traffic;

const CLIENTS: u64 = 6;
/// Connections that a node holds at most, and what it asks after the server's health with.
const CONNECTIONS: i64 = 16 + 1;

/// A server of the test's own, and the URL of a database in it.
fn own_server() -> (PostgresServer, String) {
    let server = PostgresServer::start();
    server.run("create database bindery");
    let url = server.url("bindery");
    let folder = tempfile::tempdir().unwrap();
    let migrated = run(PROGRAM.as_ref(), folder.path(), &["migrate", "--database-url", &url], "");
    assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
    (server, url)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_of_postgresql_under_load_loses_nothing_and_needs_no_restart_of_nodes() {
    let (server, url) = own_server();
    let cluster = Cluster::start(2, &url).await;
    let organization = Arc::new(cluster.organization());
    let traffic = Traffic::through_faults(&organization, CLIENTS, 11).await;
    for _ in 0..2 {
        let before = traffic.acknowledged().len();
        traffic.reach(before + 20).await;
        server.restart();
    }
    let before = traffic.acknowledged().len();
    traffic.reach(before + 20).await;
    assert_eq!(traffic.faults().broken, 0, "a node hung up on a caller");
    nothing_is_lost(&cluster, &organization, traffic).await;
    let held =
        server.number("select count(*) from pg_stat_activity where application_name = 'bindery'");
    assert!(held <= 2 * CONNECTIONS, "{held} connections");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgresql_that_hangs_for_20_seconds_is_503_meanwhile_and_forgotten_afterwards() {
    let (server, url) = own_server();
    let cluster = Cluster::start(2, &url).await;
    let organization = Arc::new(cluster.organization());
    let traffic = Traffic::through_faults(&organization, CLIENTS, 13).await;
    traffic.reach(20).await;
    server.pause();
    let until = Instant::now() + Duration::from_secs(20);
    for node in &cluster.nodes {
        is_ready(node, false).await;
        Client::anonymous(node.url()).get("/healthz").await.expect(200);
    }
    // The fault itself lasts so long; nothing is waited for here.
    tokio::time::sleep(until.saturating_duration_since(Instant::now())).await;
    assert!(traffic.faults().unavailable > 0, "nobody was told to come back later");
    server.resume();
    for node in &cluster.nodes {
        is_ready(node, true).await;
    }
    let before = traffic.acknowledged().len();
    traffic.reach(before + 20).await;
    assert_eq!(traffic.faults().broken, 0, "a node hung up on a caller");
    nothing_is_lost(&cluster, &organization, traffic).await;
    let held =
        server.number("select count(*) from pg_stat_activity where application_name = 'bindery'");
    assert!(held <= 2 * CONNECTIONS, "{held} connections");
}
