//! A disk that fills up: a small tmpfs that only the server's own namespace has, so that no root is needed.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use bindery_testkit::{Organization, Server, ServerOptions};
use serde_json::json;

use crate::support::PROGRAM;
use crate::support::operator::Ended;

const MOUNT: &str = r#"mount -t tmpfs -o size="$DISK" bindery "$0" && exec "$@""#;

/// A server whose data dir is on a disk of its own.
struct SmallDisk {
    server: Server,
    filler: PathBuf,
    _folder: tempfile::TempDir,
}

impl SmallDisk {
    fn start(size: &str, min_free: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let disk = folder.path().join("disk");
        fs::create_dir(&disk).unwrap();
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let mut wrapper = words("unshare --user --map-root-user --mount sh -c");
        wrapper.extend([MOUNT.to_owned(), disk.display().to_string()]);
        let options = ServerOptions {
            wrapper,
            command_wrapper: words("nsenter --target {pid} --user --mount --preserve-credentials"),
            env: vec![("DISK".to_owned(), size.to_owned())],
            data_dir: Some(disk.join("data")),
            database_url: None,
            args: words(&format!("--min-free {min_free} --rate-limit 1000000/1m")),
        };
        let server = Server::start(PROGRAM, options);
        // Through its process the disk can be reached from out here.
        let disk = format!("/proc/{}/root{}", server.pid(), disk.display());
        Self { server, filler: PathBuf::from(disk).join("filler"), _folder: folder }
    }

    /// Fills the disk up to so many free bytes, or to the last page.
    fn fill(&self, leaving: u64) {
        let mut file = File::options().append(true).create(true).open(&self.filler).unwrap();
        while self.free() > leaving {
            let size = usize::try_from((self.free() - leaving).min(1 << 20)).unwrap();
            if let Err(error) = file.write_all(&vec![0; size]) {
                assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
                break;
            }
        }
    }

    fn empty(&self) {
        fs::remove_file(&self.filler).unwrap();
    }

    fn free(&self) -> u64 {
        let disk = rustix::fs::statvfs(self.filler.parent().unwrap()).unwrap();
        disk.f_bavail * disk.f_frsize
    }

    #[track_caller]
    fn check_is_clean(&self) {
        let check = Ended::from(self.server.command(&["check"])).expect(0);
        assert!(check.out.ends_with("0 findings\n"), "{}", check.out);
    }
}

#[tokio::test]
async fn on_a_full_disk_writes_answer_507_reads_go_on_and_all_works_once_there_is_room() {
    let disk = SmallDisk::start("48M", "0B");
    let organization = Organization::new(&disk.server);
    let (creator, folder) = (organization.creator(), organization.tab(0));
    let before = organization.document("before.pdf", &[("number", "A-1")]).await;
    let late = organization.presign(&creator).await;
    let mut waiting = Vec::new();
    for n in 0..30 {
        let bytes = format!("waiting {n}").repeat(500);
        waiting.push((organization.upload(&creator, bytes.as_bytes()).await, bytes));
    }

    disk.fill(0);
    organization.anonymous().put(&late.url, vec![1; 200_000]).await.problem(507);
    let mut refused = 0;
    for (n, (upload, _)) in waiting.iter().enumerate() {
        let name = format!("waiting {n}.pdf");
        let answer = organization.commit(&creator, &folder, upload, &name, &[]).await;
        if answer.status != 200 {
            answer.problem(507);
            refused += 1;
        }
    }
    assert!(refused > 0, "every commit found room");
    // Who reads notices nothing; a new token needs no room either.
    let reader = organization.reader();
    let document = format!("/api/documents/{}", before["documentId"].as_str().unwrap());
    reader.get(&document).await.expect(200);
    let link =
        reader.get(&format!("{document}/versions")).await.expect(200).json()[0]["downloadUrl"]
            .clone();
    let bytes = organization.anonymous().get(link.as_str().unwrap()).await.expect(200).body;
    assert_eq!(bytes, b"before.pdf");
    let found = reader.post("/api/documents", &json!({ "searchTerm": "before" })).await.expect(200);
    assert_eq!(found.json()["totalCount"], 1);
    organization.anonymous().get("/healthz").await.expect(200);

    disk.empty();
    organization.anonymous().put(&late.url, b"late".to_vec()).await.expect(201);
    organization.commit(&creator, &folder, &late, "late.pdf", &[]).await.expect(200);
    for (n, (upload, bytes)) in waiting.iter().enumerate() {
        // Those that found room answer the same again.
        let name = format!("waiting {n}.pdf");
        let answer = organization.commit(&creator, &folder, upload, &name, &[]).await;
        let link = answer.expect(200).json()["downloadUrl"].clone();
        let stored = organization.anonymous().get(link.as_str().unwrap()).await.expect(200).body;
        assert_eq!(stored, bytes.as_bytes());
    }
    let all = reader.post("/api/documents", &json!({})).await.expect(200).json();
    assert_eq!(all["totalCount"], 32);
    disk.check_is_clean();
}

#[tokio::test]
async fn a_put_that_fills_the_disk_is_507_and_gives_the_room_back() {
    let disk = SmallDisk::start("48M", "0B");
    let organization = Organization::new(&disk.server);
    let creator = organization.creator();
    let upload = organization.presign(&creator).await;
    disk.fill(6 << 20);
    let free = disk.free();
    organization.anonymous().put(&upload.url, vec![1; 12 << 20]).await.problem(507);
    let taken = free.saturating_sub(disk.free());
    assert!(taken < 1 << 20, "{taken} bytes are still taken");
    organization.anonymous().put(&upload.url, vec![1; 1 << 20]).await.expect(201);
    organization.commit(&creator, &organization.tab(0), &upload, "a.pdf", &[]).await.expect(200);
    disk.check_is_clean();
}

#[tokio::test]
async fn with_less_free_space_than_told_uploads_are_507_and_commits_go_on() {
    let disk = SmallDisk::start("64M", "24MiB");
    let organization = Organization::new(&disk.server);
    let (creator, folder) = (organization.creator(), organization.tab(0));
    let early = organization.upload(&creator, b"early").await;
    let late = organization.presign(&creator).await;
    // What would leave too little is refused before it is taken.
    organization.anonymous().put(&late.url, vec![1; 40 << 20]).await.problem(507);
    disk.fill(20 << 20);
    organization.anonymous().put(&late.url, b"late".to_vec()).await.problem(507);
    organization.commit(&creator, &folder, &early, "early.pdf", &[]).await.expect(200);
    disk.empty();
    organization.anonymous().put(&late.url, b"late".to_vec()).await.expect(201);
    organization.commit(&creator, &folder, &late, "late.pdf", &[]).await.expect(200);
    disk.check_is_clean();
}
