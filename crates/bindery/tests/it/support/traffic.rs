//! Clients that upload and commit, and note what was acknowledged.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bindery_testkit::{Answer, Client, Organization, Upload};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::dice::Dice;

/// Names that clients share, so that commits meet on one document.
const SHARED_NAMES: usize = 5;
/// Bytes that clients share, so that versions meet on one blob.
const SHARED_BYTES: usize = 3;

/// Bytes that were PUT and acknowledged.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    upload: Upload,
    name: String,
    bytes: Vec<u8>,
}

/// A version whose commit was acknowledged.
#[derive(Debug, Clone)]
pub(crate) struct Acknowledged {
    /// Its path.
    path: String,
    bytes: Vec<u8>,
}

#[derive(Debug, Default)]
struct Ledger {
    /// PUT, and nothing is known of the commit.
    sent: Vec<Sent>,
    versions: Vec<Acknowledged>,
    faults: Faults,
}

/// What went wrong on the way to those answers.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Faults {
    /// Calls that broke before they were answered.
    pub(crate) broken: usize,
    /// Answers of 503; each said when to come back.
    pub(crate) unavailable: usize,
}

/// What clients make of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nature {
    /// They end with their server, and expect nothing but success before.
    Strict,
    /// They count the fault and begin anew.
    Patient,
}

/// Clients at work.
pub(crate) struct Traffic {
    ledger: Arc<Mutex<Ledger>>,
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<()>>,
}

impl Traffic {
    /// Sets so many clients to work; what they do depends on the seed.
    pub(crate) async fn start(organization: &Arc<Organization>, clients: u64, seed: u64) -> Self {
        Self::begin(organization, clients, seed, Nature::Strict).await
    }

    /// The same with clients whom faults do not stop.
    pub(crate) async fn through_faults(
        organization: &Arc<Organization>,
        clients: u64,
        seed: u64,
    ) -> Self {
        Self::begin(organization, clients, seed, Nature::Patient).await
    }

    async fn begin(
        organization: &Arc<Organization>,
        clients: u64,
        seed: u64,
        nature: Nature,
    ) -> Self {
        let (ledger, stop) = (Arc::<Mutex<Ledger>>::default(), Arc::<AtomicBool>::default());
        let client = organization.creator();
        client.token().await;
        let work = |n| {
            let dice = Dice::new(seed * 1_000 + n);
            let (organization, client) = (Arc::clone(organization), client.clone());
            let ledger = Arc::clone(&ledger);
            let caller = Caller { organization, client, ledger, nature };
            tokio::spawn(caller.work(dice, Arc::clone(&stop)))
        };
        let clients = (0..clients).map(work).collect();
        Self { ledger, stop, clients }
    }

    /// Waits until so many versions are acknowledged.
    pub(crate) async fn reach(&self, versions: usize) {
        let end = Instant::now() + Duration::from_secs(60);
        while self.acknowledged().len() < versions {
            assert!(Instant::now() < end, "{} of {versions} versions", self.acknowledged().len());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// The versions acknowledged so far.
    pub(crate) fn acknowledged(&self) -> Vec<Acknowledged> {
        self.ledger.lock().unwrap().versions.clone()
    }

    /// What went wrong so far.
    pub(crate) fn faults(&self) -> Faults {
        self.ledger.lock().unwrap().faults
    }

    /// Lets the clients finish what they are at: versions acknowledged, and PUTs whose commit is unknown.
    pub(crate) async fn end(self) -> (Vec<Acknowledged>, Vec<Sent>) {
        self.stop.store(true, Ordering::Relaxed);
        for client in self.clients {
            client.await.unwrap();
        }
        let mut ledger = self.ledger.lock().unwrap();
        (std::mem::take(&mut ledger.versions), std::mem::take(&mut ledger.sent))
    }
}

impl Acknowledged {
    /// Downloads the version; it must be there with the bytes that were sent.
    pub(crate) async fn must_be_there(&self, reader: &Client) {
        let version = reader.get(&self.path).await.expect(200).json();
        let link = version["downloadUrl"].as_str().unwrap();
        // It may lead to a storage, which wants no token beside the signature.
        let bytes = Client::anonymous(reader.base()).get(link).await.expect(200).body;
        assert!(bytes == self.bytes, "{}: {} other bytes", self.path, bytes.len());
    }
}

impl Sent {
    /// Commits the upload, which must be possible, and gives the version.
    pub(crate) async fn must_commit(
        &self,
        organization: &Organization,
        client: &Client,
    ) -> Acknowledged {
        let (path, body) = self.commit_call(organization);
        let version = client.post(&path, &body).await.expect(200).json();
        Acknowledged { path: version_path(&version), bytes: self.bytes.clone() }
    }

    fn commit_call(&self, organization: &Organization) -> (String, Value) {
        let path = format!("{}/upload", organization.drive(&organization.tab(0)));
        (path, json!({ "fileName": self.name, "uploadId": self.upload.id }))
    }
}

/// One client.
struct Caller {
    organization: Arc<Organization>,
    client: Client,
    ledger: Arc<Mutex<Ledger>>,
    nature: Nature,
}

impl Caller {
    /// Uploads and commits until told to stop, or until the server is gone.
    async fn work(self, mut dice: Dice, stop: Arc<AtomicBool>) {
        while !stop.load(Ordering::Relaxed) {
            if self.one(&mut dice).await.is_none() && self.nature == Nature::Strict {
                return;
            }
        }
    }

    /// One document or version; `None` when a fault came between.
    async fn one(&self, dice: &mut Dice) -> Option<()> {
        let presign = "/api/documents/uploads/personalstorage/presignedupload";
        let presigned = self.call(&self.client, "GET", presign, None, 200).await?.json();
        let text = |name: &str| presigned[name].as_str().unwrap().to_owned();
        let upload = Upload { id: text("uploadId"), url: text("presignedUrl") };
        let sent = Sent { upload, name: name(dice), bytes: bytes(dice) };
        let body = Some(("application/octet-stream", sent.bytes.clone()));
        let anonymous = self.organization.anonymous();
        self.call(&anonymous, "PUT", &sent.upload.url, body, 201).await?;
        self.ledger.lock().unwrap().sent.push(sent.clone());
        let (path, body) = sent.commit_call(&self.organization);
        let body = Some(("application/json", body.to_string().into_bytes()));
        let version = self.call(&self.client, "POST", &path, body, 200).await?.json();
        let mut ledger = self.ledger.lock().unwrap();
        ledger.sent.retain(|other| other.upload.id != sent.upload.id);
        ledger.versions.push(Acknowledged { path: version_path(&version), bytes: sent.bytes });
        Some(())
    }

    /// A call that answers so; `None` when a fault came between.
    async fn call(
        &self,
        client: &Client,
        method: &str,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
        status: u16,
    ) -> Option<Answer> {
        let Ok(answer) = client.try_send(method, path, body).await else {
            self.ledger.lock().unwrap().faults.broken += 1;
            return None;
        };
        if answer.status == 503 && self.nature == Nature::Patient {
            assert!(answer.header("retry-after").parse::<u64>().is_ok(), "{:?}", answer.headers);
            self.ledger.lock().unwrap().faults.unavailable += 1;
            // The waiting itself is what clients are told to do; a test need not wait so long.
            tokio::time::sleep(Duration::from_millis(50)).await;
            return None;
        }
        Some(answer.expect(status))
    }
}

fn version_path(version: &Value) -> String {
    let text = |name: &str| version[name].as_str().unwrap_or_else(|| panic!("{version}"));
    format!("/api/documents/{}/versions/{}", text("documentId"), text("id"))
}

fn name(dice: &mut Dice) -> String {
    if dice.below(2) == 0 {
        format!("Ritning {}.pdf", dice.below(SHARED_NAMES))
    } else {
        format!("Protokoll {:08x}.pdf", dice.below(1 << 32))
    }
}

fn bytes(dice: &mut Dice) -> Vec<u8> {
    match dice.below(8) {
        0 => Dice::new(u64::try_from(dice.below(SHARED_BYTES)).unwrap()).bytes(40_000),
        1 => dice.bytes(1 << 20),
        2 => Vec::new(),
        _ => {
            let size = dice.below(30_000);
            dice.bytes(size)
        }
    }
}
