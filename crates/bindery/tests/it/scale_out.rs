//! Several nodes on one PostgreSQL database and one S3 bucket, with nothing of their own, behind a balancer that knows
//! nothing of HTTP. These tests bring servers of their own for both, whatever the shape of the run.

mod backup;
mod balancer;
mod clocks;
mod faults;
mod isolation;
mod nodes;
mod previews;
mod storage_faults;
mod upgrade;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bindery_testkit::{
    Client, Organization, PostgresServer, S3Place, S3Server, Server, ServerOptions,
};
use serde_json::json;
use tempfile::TempDir;

use self::balancer::Balancer;
use crate::support::operator::Ended;
use crate::support::traffic::Traffic;
use crate::support::{PROGRAM, tell};

/// The prefix of all nodes in their bucket.
const PREFIX: &str = "bytes";

/// Nodes that share a database and a bucket.
struct Cluster {
    nodes: Vec<Server>,
    balancer: Balancer,
    storage: S3Place,
    folder: TempDir,
}

/// How nodes are started.
struct Plan {
    database_url: String,
    storage: S3Place,
    /// Of each node: what it has in its environment beside what all have.
    nodes: Vec<Vec<(String, String)>>,
    args: Vec<&'static str>,
}

impl Plan {
    /// So many nodes on the database of a URL and a bucket of their own.
    fn of(nodes: usize, database_url: &str) -> Self {
        Self {
            database_url: database_url.to_owned(),
            storage: S3Server::shared().new_place(),
            nodes: vec![Vec::new(); nodes],
            args: Vec::new(),
        }
    }

    async fn start(self) -> Cluster {
        let folder = tempfile::tempdir().unwrap();
        let balancer = Balancer::bind().await;
        let node = |(n, own): (usize, Vec<(String, String)>)| {
            let url = balancer.url();
            let all = ["--rate-limit", "100000000/1m", "--public-url", &url];
            let args = all.iter().chain(&self.args).map(|arg| (*arg).to_owned()).collect();
            let mut env = self.storage.environment(PREFIX);
            env.extend(own);
            let database_url = Some(self.database_url.clone());
            // Each is given another folder, and leaves it alone.
            let data_dir = Some(data_dir(&folder, n));
            let options = ServerOptions { args, env, data_dir, database_url, ..Default::default() };
            Server::start(PROGRAM, options)
        };
        let nodes: Vec<Server> = self.nodes.into_iter().enumerate().map(node).collect();
        balancer.serve(nodes.iter().map(|node| node.url().to_owned()).collect());
        Cluster { nodes, balancer, storage: self.storage, folder }
    }
}

fn data_dir(folder: &TempDir, node: usize) -> PathBuf {
    folder.path().join(format!("node-{node}"))
}

impl Cluster {
    /// So many nodes on the database of a URL and a bucket of their own.
    async fn start(nodes: usize, database_url: &str) -> Self {
        Plan::of(nodes, database_url).start().await
    }

    /// An organization, called through the balancer.
    fn organization(&self) -> Organization {
        Organization::new(&self.nodes[0]).at_url(&self.balancer.url())
    }

    /// Runs a command beside the nodes.
    fn run(&self, args: &[&str]) -> Ended {
        self.nodes[0].command(args).into()
    }

    /// What `bindery check` says must be nothing, and what the nodes have of their own as well.
    #[track_caller]
    fn check_is_clean(&self) {
        let check = self.run(&["check"]).expect(0);
        assert_eq!(check.lines("missing"), [""; 0], "{}", check.out);
        assert_eq!(check.lines("damaged"), [""; 0], "{}", check.out);
        for n in 0..self.nodes.len() {
            assert!(!data_dir(&self.folder, n).exists(), "node {n} keeps something of its own");
        }
    }
}

/// The PostgreSQL server that tests share which do it no harm.
fn postgres() -> &'static PostgresServer {
    bindery_testkit::postgres(Path::new(PROGRAM))
}

/// A presigned URL as another node has it.
fn url_at(url: &str, from: &str, to: &str) -> String {
    url.strip_prefix(from).map(|rest| format!("{to}{rest}")).unwrap_or_else(|| panic!("{url}"))
}

/// How many documents a search for a term finds.
async fn found(client: &Client, term: &str) -> i64 {
    let encoded: String = term.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let path = format!("/api/documents?searchTerm={encoded}");
    let answer = client.post(&path, &json!({})).await;
    answer.expect(200).json()["totalCount"].as_i64().unwrap()
}

/// Waits until a node says that it is ready, or that it is not.
async fn is_ready(node: &Server, wanted: bool) {
    let client = Client::anonymous(node.url());
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let answer = client.get("/readyz").await;
        if (answer.status == 200) == wanted {
            return;
        }
        assert!(Instant::now() < end, "readyz answers {}", answer.status);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Lets the traffic end, and looks for all that it was told.
async fn nothing_is_lost(cluster: &Cluster, organization: &Arc<Organization>, traffic: Traffic) {
    let faults = traffic.faults();
    let (acknowledged, sent) = traffic.end().await;
    tell(&format!("{} versions, {faults:?}, {} unknown", acknowledged.len(), sent.len()));
    let creator = organization.creator();
    for version in acknowledged {
        version.must_be_there(&creator).await;
    }
    for sent in sent {
        sent.must_commit(organization, &creator).await.must_be_there(&creator).await;
    }
    cluster.check_is_clean();
}
