//! The clocks of two nodes are a minute apart: really so, by Debian's `libfaketime`, which is in the node's process.

use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bindery_testkit::{Client, Organization, Server};
use serde_json::json;

use super::{Cluster, Plan, nothing_is_lost, postgres, url_at};
use crate::support::pluck;
use crate::support::traffic::Traffic;
use crate::wire::Wire;

const CLIENTS: u64 = 6;

/// What makes a process see another time of day; the clock that only measures goes as it does.
fn shifted(seconds: i32) -> Vec<(String, String)> {
    let library = fs::read_dir("/usr/lib").unwrap().flatten().find_map(|folder| {
        let file = folder.path().join("faketime/libfaketime.so.1");
        file.exists().then(|| file.display().to_string())
    });
    let library = library.expect("libfaketime is missing: scripts/needs test installs it");
    [
        ("LD_PRELOAD", library),
        ("FAKETIME", format!("{seconds:+}s")),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// One node with the right time, then one that is a minute ahead.
async fn cluster(database_url: &str) -> Cluster {
    let mut plan = Plan::of(2, database_url);
    // And what a clock drifts between two corrections.
    plan.nodes[1] = shifted(63);
    let cluster = plan.start().await;
    let ahead = ahead(&cluster.nodes[1]).await;
    assert!((60..70).contains(&ahead), "the second node is {ahead} s ahead");
    assert!(self::ahead(&cluster.nodes[0]).await < 10, "so is the first");
    cluster
}

/// How many seconds a node's clock is ahead of ours, as its answers say.
async fn ahead(node: &Server) -> i64 {
    let answer = Client::anonymous(node.url()).get("/healthz").await.expect(200);
    let seconds = |time: SystemTime| {
        i64::try_from(time.duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
    };
    let date = httpdate::parse_http_date(answer.header("date")).unwrap();
    seconds(date) - seconds(SystemTime::now())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_minute_between_the_clocks_of_nodes_is_no_fault_to_callers_and_loses_nothing() {
    let database = postgres().database();
    let cluster = cluster(&database.url()).await;
    let organization = Arc::new(cluster.organization());
    let traffic = Traffic::through_faults(&organization, CLIENTS, 29).await;
    traffic.reach(100).await;
    let faults = traffic.faults();
    assert_eq!((faults.broken, faults.unavailable), (0, 0), "{faults:?}");
    nothing_is_lost(&cluster, &organization, traffic).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_node_gives_out_the_other_takes_although_its_clock_differs() {
    let database = postgres().database();
    let cluster = cluster(&database.url()).await;
    let organization = cluster.organization();
    let at: Vec<Organization> = cluster.nodes.iter().map(|node| organization.at(node)).collect();
    let mut names = Vec::new();
    for (n, (here, there)) in [(0, 1), (1, 0), (0, 1)].into_iter().enumerate() {
        let (here, there) = (&at[here], &at[there]);
        // A token.
        let token = here.creator().token().await;
        let holder = there.anonymous().with_header("x-ibinder-tenantid", &organization.id);
        let holder = holder.with_header("authorization", &format!("Bearer {token}"));
        holder.get("/api/binders").await.expect(200);
        // The URL of an upload, and of a download.
        let upload = here.presign(&here.creator()).await;
        let url = url_at(&upload.url, &cluster.balancer.url(), there.url());
        there.anonymous().put(&url, b"%PDF".to_vec()).await.expect(201);
        let name = format!("{n}.pdf");
        let version = here.commit(&here.creator(), &here.tab(0), &upload, &name, &[]).await;
        let url = version.expect(200).json()["downloadUrl"].as_str().unwrap().to_owned();
        assert_eq!(there.anonymous().get(&url).await.expect(200).body, b"%PDF");
        names.push(name);
    }
    // The order of changes is that of their making, whichever clock was asked.
    names.reverse();
    for node in &at {
        let all = node.reader().post("/api/documents", &json!({})).await.expect(200).json();
        assert_eq!(pluck(&all["items"], "fileName"), names, "{all}");
    }
    // What ends on one of them has ended on the other.
    let reader = organization.reader();
    let token = reader.token().await;
    let body =
        format!("client_id=reader-{}&client_secret=secret-reader&token={token}", organization.id);
    at[1].anonymous().form("/connect/revocation", &body).await.expect(200);
    let holder = at[0].anonymous().with_header("x-ibinder-tenantid", &organization.id);
    let holder = holder.with_header("authorization", &format!("Bearer {token}"));
    let end = Instant::now() + Duration::from_secs(60);
    while holder.get("/api/binders").await.status != 401 {
        assert!(Instant::now() < end, "the token is still taken");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    cluster.check_is_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_comes_to_one_node_is_not_taken_for_dead_by_one_that_is_ahead() {
    let database = postgres().database();
    let cluster = cluster(&database.url()).await;
    let organization = cluster.organization();
    let creator = organization.creator();
    let upload = organization.presign(&creator).await;
    let url = |node: usize| url_at(&upload.url, &cluster.balancer.url(), cluster.nodes[node].url());
    let mut slow = Wire::connect(&url(0)).await;
    slow.head("PUT", &["Content-Length: 4"]).await;
    slow.send(b"on").await;
    let end = Instant::now() + Duration::from_secs(30);
    while database.number("select count(*) from upload where state = 'receiving'") == 0 {
        assert!(Instant::now() < end, "the PUT does not begin");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    organization.anonymous().put(&url(1), b"other".to_vec()).await.problem(409);
    slow.send(b"e!").await;
    assert_eq!(slow.status().await, 201);
    let tab = organization.tab(0);
    let version = organization.commit(&creator, &tab, &upload, "a.bin", &[]).await.expect(200);
    let link = version.json()["downloadUrl"].as_str().unwrap().to_owned();
    assert_eq!(organization.anonymous().get(&link).await.expect(200).body, b"one!");
    cluster.check_is_clean();
}
