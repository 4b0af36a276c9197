//! Counters equal a recount, however calls meet.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bindery_testkit::{Client, Organization, Server, ServerOptions, Upload};
use serde_json::json;

use crate::support::dice::Dice;
use crate::support::operator::check_is_clean;
use crate::support::{PROGRAM, tell};

const CALLS: usize = 10_000;
const ORGANIZATIONS: usize = 3;
const CALLERS: u64 = 12;
/// Few, so that callers meet on one document.
const NAMES: usize = 150;

/// Someone who calls at random.
struct Caller {
    organization: Arc<Organization>,
    client: Client,
    dice: Dice,
    calls: Arc<AtomicUsize>,
    /// The folder and name of each document that this caller committed to.
    committed: HashSet<(String, String)>,
    versions: usize,
}

impl Caller {
    fn goes_on(&self) -> bool {
        self.calls.load(Ordering::Relaxed) < CALLS
    }

    fn called(&self, calls: usize) {
        self.calls.fetch_add(calls, Ordering::Relaxed);
    }

    async fn work(mut self) -> Self {
        while self.goes_on() {
            match self.dice.below(8) {
                0 => self.search().await,
                1 => self.refused().await,
                _ => self.commit().await,
            }
        }
        self
    }

    async fn upload(&mut self) -> Upload {
        let size = self.dice.below(3) * 100;
        let bytes = if self.dice.below(3) == 0 { vec![b'x'; size] } else { self.dice.bytes(size) };
        self.called(2);
        self.organization.upload(&self.client, &bytes).await
    }

    /// A new document or version, with other metadata than before; sometimes sent again, twice at the same time.
    async fn commit(&mut self) {
        let upload = self.upload().await;
        let folder = self.organization.tab(self.dice.below(2));
        let name = format!("Ritning {}.pdf", self.dice.below(NAMES));
        let metadata = [
            ("discipline", *self.dice.one_of(&["a", "k", "v", ""])),
            ("GLOBAL_Category", *self.dice.one_of(&["legal", "finance", ""])),
            ("GLOBAL_Status", *self.dice.one_of(&["active", "archived", ""])),
            ("locked", *self.dice.one_of(&["true", "false", ""])),
            ("area", *self.dice.one_of(&["12.5", "-3", ""])),
            ("approved", *self.dice.one_of(&["2024-02-29", "2025-01-01T10:00:00+01:00"])),
        ];
        let metadata = &metadata[self.dice.below(metadata.len())..];
        let commit = || self.organization.commit(&self.client, &folder, &upload, &name, metadata);
        if self.dice.below(5) == 0 {
            let (first, again) = tokio::join!(commit(), commit());
            assert_eq!(first.expect(200).json()["id"], again.expect(200).json()["id"]);
            self.called(1);
        } else {
            commit().await.expect(200);
        }
        self.called(1);
        self.versions += 1;
        self.committed.insert((folder, name));
    }

    /// A commit that changes nothing.
    async fn refused(&mut self) {
        let upload = self.upload().await;
        let tab = self.organization.tab(0);
        let wrong = self.dice.one_of(&[("discipline", "zzz"), ("area", "much"), ("nothing", "1")]);
        let answer =
            self.organization.commit(&self.client, &tab, &upload, "no.pdf", &[*wrong]).await;
        answer.expect(400);
        self.called(1);
    }

    async fn search(&mut self) {
        let discipline = self.dice.one_of(&["a", "k", "v"]);
        let filter = json!({ "metadataElementId": "discipline", "valueId": discipline });
        let body = json!({ "metadataFilters": [filter], "searchTerm": "ritning" });
        self.client.post("/api/documents", &body).await.expect(200);
        self.called(1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counters_equal_a_recount_after_ten_thousand_random_concurrent_calls() {
    let args = ["--rate-limit", "100000000/1m", "--min-free", "1MiB"].map(str::to_owned).to_vec();
    let server = Server::start(PROGRAM, ServerOptions { args, ..Default::default() });
    let organizations: Vec<_> =
        (0..ORGANIZATIONS).map(|_| Arc::new(Organization::new(&server))).collect();
    let calls = Arc::<AtomicUsize>::default();
    let mut work = Vec::new();
    for n in 0..CALLERS {
        let organization = &organizations[usize::try_from(n).unwrap() % ORGANIZATIONS];
        let role = if n % 2 == 0 { "creator" } else { "admin" };
        let caller = Caller {
            organization: Arc::clone(organization),
            client: organization.client(role),
            dice: Dice::new(n + 1),
            calls: Arc::clone(&calls),
            committed: HashSet::new(),
            versions: 0,
        };
        work.push(tokio::spawn(caller.work()));
    }
    let mut callers = Vec::new();
    for caller in work {
        callers.push(caller.await.unwrap());
    }

    check_is_clean(server.data_dir());
    let mut all_versions = 0;
    for organization in &organizations {
        let theirs = callers.iter().filter(|caller| caller.organization.id == organization.id);
        let documents: HashSet<_> = theirs.clone().flat_map(|caller| &caller.committed).collect();
        let found =
            organization.reader().post("/api/documents", &json!({ "pageSize": 1000 })).await;
        let found = found.expect(200).json();
        assert_eq!(found["totalCount"], documents.len());
        let versions: usize = theirs.map(|caller| caller.versions).sum();
        all_versions += versions;
        let journal = server.command_ok(&["journal", "--json", "--organization", &organization.id]);
        let entries = |verb: &str| journal.matches(&format!("\"verb\":\"{verb}\"")).count();
        assert_eq!(entries("document.create"), documents.len());
        assert_eq!(entries("document.create") + entries("document.add_version"), versions);
    }
    tell(&format!("{} calls, {all_versions} versions", calls.load(Ordering::Relaxed)));
}
