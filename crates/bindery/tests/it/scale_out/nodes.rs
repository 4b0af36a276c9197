//! Any request may go to any node.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Cluster, found, nothing_is_lost, postgres, url_at};
use crate::support::traffic::Traffic;

const CLIENTS: u64 = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_is_presigned_sent_and_committed_on_three_nodes_and_found_on_each() {
    let database = postgres().database();
    let cluster = Cluster::start(3, &database.url()).await;
    let organization = cluster.organization();
    let at: Vec<_> = cluster.nodes.iter().map(|node| organization.at(node)).collect();
    for round in 0..3 {
        let [first, second, third] = [0, 1, 2].map(|n| &at[(round + n) % 3]);
        let upload = first.presign(&first.creator()).await;
        let url = url_at(&upload.url, &cluster.balancer.url(), second.url());
        second.anonymous().put(&url, b"%PDF-1.7".to_vec()).await.expect(201);
        let name = format!("Plan {round}.pdf");
        let creator = third.creator();
        third.commit(&creator, &third.tab(0), &upload, &name, &[]).await.expect(200);
        for node in &at {
            assert_eq!(found(&node.reader(), &name).await, 1, "{name}");
        }
        let all = first.reader().post("/api/documents", &serde_json::json!({})).await;
        assert_eq!(all.expect(200).json()["totalCount"], round + 1);
    }
    cluster.check_is_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_revoked_on_one_node_is_refused_on_all_within_a_minute() {
    let database = postgres().database();
    let cluster = Cluster::start(3, &database.url()).await;
    let organization = cluster.organization();
    let reader = organization.reader();
    let token = reader.token().await;
    let holder = |n: usize| {
        let client = bindery_testkit::Client::anonymous(cluster.nodes[n].url());
        let client = client.with_header("x-ibinder-tenantid", &organization.id);
        client.with_header("authorization", &format!("Bearer {token}"))
    };
    for n in 0..3 {
        holder(n).get("/api/binders").await.expect(200);
    }
    let body =
        format!("client_id=reader-{}&client_secret=secret-reader&token={token}", organization.id);
    let first = organization.at(&cluster.nodes[0]);
    first.anonymous().form("/connect/revocation", &body).await.expect(200);
    let end = Instant::now() + Duration::from_secs(60);
    for n in 0..3 {
        while holder(n).get("/api/binders").await.status != 401 {
            assert!(Instant::now() < end, "node {n} still takes the token");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_killed_under_load_costs_no_more_than_what_it_was_at() {
    let database = postgres().database();
    let cluster = Cluster::start(3, &database.url()).await;
    let organization = Arc::new(cluster.organization());
    let traffic = Traffic::through_faults(&organization, CLIENTS, 7).await;
    traffic.reach(30).await;
    cluster.nodes[2].kill();
    let before = traffic.acknowledged().len();
    traffic.reach(before + 60).await;
    let faults = traffic.faults();
    // Each client had one call at that node at most.
    assert!(u64::try_from(faults.broken).unwrap() <= CLIENTS, "{faults:?}");
    assert_eq!(faults.unavailable, 0);
    nothing_is_lost(&cluster, &organization, traffic).await;
}
