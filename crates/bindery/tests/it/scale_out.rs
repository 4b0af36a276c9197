//! Several nodes on one PostgreSQL database, behind a balancer that knows nothing of HTTP. These tests bring a PostgreSQL
//! server of their own, whatever the shape of the run.

mod backup;
mod balancer;
mod faults;
mod isolation;
mod nodes;

use std::path::Path;

use bindery_testkit::{Organization, PostgresServer, Server, ServerOptions};
use serde_json::json;
use tempfile::TempDir;

use self::balancer::Balancer;
use crate::support::PROGRAM;
use crate::support::operator::Ended;

/// Nodes that share a database and the folder of the stored bytes.
struct Cluster {
    nodes: Vec<Server>,
    balancer: Balancer,
    _folder: TempDir,
}

impl Cluster {
    /// So many nodes on the database of a URL.
    async fn start(nodes: usize, database_url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let balancer = Balancer::bind().await;
        let node = |_| {
            let args = ["--rate-limit", "100000000/1m", "--min-free", "1MiB", "--public-url"];
            let args = args.into_iter().map(str::to_owned).chain([balancer.url()]).collect();
            let data_dir = Some(folder.path().join("data"));
            let database_url = Some(database_url.to_owned());
            Server::start(
                PROGRAM,
                ServerOptions { args, data_dir, database_url, ..Default::default() },
            )
        };
        let nodes: Vec<Server> = (0..nodes).map(node).collect();
        balancer.serve(nodes.iter().map(|node| node.url().to_owned()).collect());
        Self { nodes, balancer, _folder: folder }
    }

    /// An organization, called through the balancer.
    fn organization(&self) -> Organization {
        Organization::new(&self.nodes[0]).at_url(&self.balancer.url())
    }

    /// Runs a command beside the nodes.
    fn run(&self, args: &[&str]) -> Ended {
        self.nodes[0].command(args).into()
    }

    /// What `bindery check` says must be nothing.
    #[track_caller]
    fn check_is_clean(&self) {
        let check = self.run(&["check"]).expect(0);
        assert_eq!(check.lines("missing"), [""; 0], "{}", check.out);
        assert_eq!(check.lines("damaged"), [""; 0], "{}", check.out);
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
async fn found(client: &bindery_testkit::Client, term: &str) -> i64 {
    let encoded: String = term.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let path = format!("/api/documents?searchTerm={encoded}");
    let answer = client.post(&path, &json!({})).await;
    answer.expect(200).json()["totalCount"].as_i64().unwrap()
}
