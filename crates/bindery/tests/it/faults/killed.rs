//! `kill -9` in the middle of uploads and commits.

use std::sync::Arc;

use bindery_testkit::{Organization, Server, ServerOptions};

use crate::support::dice::Dice;
use crate::support::operator::check_is_clean;
use crate::support::traffic::Traffic;
use crate::support::{PROGRAM, tell};

const CLIENTS: u64 = 6;
/// At most so many versions are acknowledged before the server is killed.
const MOST_VERSIONS: usize = 60;

/// `BINDERY_FAULT_ROUNDS`, 5 when it is not set; another `BINDERY_FAULT_SEED` tries other moments.
fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["--rate-limit", "100000000/1m", "--min-free", "1MiB"].map(str::to_owned).to_vec();
    let options =
        ServerOptions { data_dir: Some(folder.path().join("data")), args, ..Default::default() };
    let mut server = Server::start(PROGRAM, options.clone());
    let organization = Organization::new(&server);
    let seed = number("BINDERY_FAULT_SEED", 1);
    let mut moments = Dice::new(seed);
    let (mut versions, mut rescued) = (0, 0);
    let rounds = number("BINDERY_FAULT_ROUNDS", 5);
    for round in 0..rounds {
        let there = Arc::new(organization.at(&server));
        let traffic = Traffic::start(&there, CLIENTS, seed * 10_000 + round).await;
        traffic.reach(1 + moments.below(MOST_VERSIONS)).await;
        server.kill();
        let (acknowledged, sent) = traffic.end().await;

        server = Server::start(PROGRAM, options.clone());
        let there = organization.at(&server);
        let creator = there.creator();
        versions += acknowledged.len();
        rescued += sent.len();
        for version in acknowledged {
            version.must_be_there(&creator).await;
        }
        for sent in sent {
            sent.must_commit(&there, &creator).await.must_be_there(&creator).await;
        }
        check_is_clean(server.data_dir());
    }
    tell(&format!("{versions} versions acknowledged, {rescued} uploads committed after a kill"));
    // In few rounds that may be chance.
    assert!(rescued > 0 || rounds < 20, "no kill came between a PUT and its commit");
}
