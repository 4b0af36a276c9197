//! The storage of all nodes refuses, or falls silent, under load.

use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bindery_testkit::{Client, Proxy, S3Server, Server, Trouble};

use super::{Cluster, Plan, is_ready, nothing_is_lost, postgres};
use crate::support::traffic::Traffic;

const CLIENTS: u64 = 6;
/// What nodes may keep open to the storage between calls: each has one for every call that it ever made at once.
const KEPT: usize = 40;
/// Threads that come and go with work, those of blocking calls above all.
const THREADS: usize = 16;

/// Two nodes whose only way to the storage is the proxy.
async fn behind(proxy: &Proxy, database_url: &str) -> Cluster {
    let mut plan = Plan::of(2, database_url);
    plan.storage = plan.storage.by(&proxy.endpoint());
    // So that reading goes this way, too.
    plan.args = vec!["--download-access", "proxied"];
    plan.start().await
}

fn threads(node: &Server) -> usize {
    fs::read_dir(format!("/proc/{}/task", node.pid())).unwrap().count()
}

/// What needs no bytes is answered by each node although the storage is away.
async fn rows_are_answered(cluster: &Cluster, organization: &bindery_testkit::Organization) {
    for node in &cluster.nodes {
        organization.at(node).reader().get("/api/binders").await.expect(200);
        Client::anonymous(node.url()).get("/healthz").await.expect(200);
    }
}

async fn trouble_passes(trouble: Trouble, seed: u64) {
    let proxy = Proxy::start(&S3Server::shared().place().endpoint);
    let database = postgres().database();
    let cluster = behind(&proxy, &database.url()).await;
    let organization = Arc::new(cluster.organization());
    let traffic = Traffic::through_faults(&organization, CLIENTS, seed).await;
    traffic.reach(20).await;
    let before: Vec<_> = cluster.nodes.iter().map(threads).collect();
    for _ in 0..2 {
        let told = traffic.faults().unavailable;
        proxy.make(trouble);
        for node in &cluster.nodes {
            is_ready(node, false).await;
        }
        rows_are_answered(&cluster, &organization).await;
        // A silent storage is given up after 45 seconds.
        let end = Instant::now() + Duration::from_secs(90);
        while traffic.faults().unavailable == told {
            assert!(Instant::now() < end, "nobody was told to come back later");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        proxy.make(Trouble::None);
        for node in &cluster.nodes {
            is_ready(node, true).await;
        }
        let before = traffic.acknowledged().len();
        traffic.reach(before + 20).await;
        if trouble == Trouble::Stalls {
            break;
        }
    }
    assert_eq!(traffic.faults().broken, 0, "a node hung up on a caller");
    nothing_is_lost(&cluster, &organization, traffic).await;
    let end = Instant::now() + Duration::from_secs(30);
    while proxy.open() > KEPT {
        assert!(Instant::now() < end, "{} connections are still open", proxy.open());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for (node, before) in cluster.nodes.iter().zip(before) {
        let now = threads(node);
        assert!(now <= before + THREADS, "{before} threads have become {now}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storage_that_refuses_under_load_is_503_meanwhile_and_forgotten_afterwards() {
    trouble_passes(Trouble::Refuses, 17).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storage_that_falls_silent_under_load_is_503_meanwhile_and_forgotten_afterwards() {
    trouble_passes(Trouble::Stalls, 19).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_storage_makes_callers_wait_and_no_more() {
    let proxy = Proxy::start(&S3Server::shared().place().endpoint);
    let database = postgres().database();
    let cluster = behind(&proxy, &database.url()).await;
    let organization = Arc::new(cluster.organization());
    proxy.make(Trouble::Delays(Duration::from_millis(100)));
    let traffic = Traffic::through_faults(&organization, CLIENTS, 23).await;
    traffic.reach(20).await;
    for node in &cluster.nodes {
        is_ready(node, true).await;
    }
    let faults = traffic.faults();
    assert_eq!((faults.broken, faults.unavailable), (0, 0), "{faults:?}");
    proxy.make(Trouble::None);
    nothing_is_lost(&cluster, &organization, traffic).await;
}
