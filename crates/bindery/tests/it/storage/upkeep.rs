//! The operator's commands on an S3 storage.

use std::path::Path;
use std::process::Output;

use bindery_testkit::{
    Organization, S3Place, S3Process, S3Server, Server, ServerOptions, run_with,
};
use uuid::Uuid;

use super::Stored;
use crate::support::PROGRAM;

fn run(env: &[(String, String)], data_dir: &Path, args: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = run_with(Path::new(PROGRAM), env, data_dir, args, "");
    let said = [stdout, stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    (status.code(), said.concat())
}

#[tokio::test]
async fn check_names_what_is_missing_damaged_or_orphaned() {
    let stored = Stored::new(&[]);
    let organization = Organization::new(&stored.server);
    for name in ["missing.pdf", "damaged.pdf", "longer.pdf", "whole.pdf"] {
        organization.document(name, &[]).await;
    }
    let file = |text: &str| {
        let objects = stored.objects();
        let holds =
            |object: &&String| std::fs::read(stored.file(object)).unwrap() == text.as_bytes();
        let object = objects.iter().find(holds).unwrap().clone();
        (stored.file(&object), object)
    };
    let (missing, damaged, longer) = (file("missing.pdf"), file("damaged.pdf"), file("longer.pdf"));
    std::fs::remove_file(&missing.0).unwrap();
    std::fs::write(&damaged.0, "DAMAGED.pdf").unwrap();
    std::fs::write(&longer.0, "longer.pdf!").unwrap();
    let orphan = format!("{}/{}", organization.id, Uuid::new_v4());
    std::fs::write(stored.file(&orphan), "orphan").unwrap();
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(7_200);
    let opened = std::fs::File::options().write(true).open(stored.file(&orphan)).unwrap();
    opened.set_modified(long_ago).unwrap();
    drop(opened);

    let (code, said) = run(&stored.env, stored.server.data_dir(), &["check"]);
    assert_eq!(code, Some(1), "{said}");
    for (kind, (_, object)) in [("missing", missing), ("damaged", damaged), ("damaged", longer)] {
        let line = said.lines().find(|line| line.contains(&object));
        assert!(line.is_some_and(|line| line.starts_with(kind)), "{object}: {said}");
    }
    assert!(
        said.lines().any(|line| line.starts_with("orphan") && line.contains(&orphan)),
        "{said}"
    );
    assert!(!said.contains("whole.pdf"), "{said}");
    run(&stored.env, stored.server.data_dir(), &["check", "--repair"]);
    assert!(!stored.file(&orphan).exists());
    assert_eq!(std::fs::read(stored.file(&format!("aside/{orphan}"))).unwrap(), b"orphan");
}

#[tokio::test]
async fn a_backup_of_a_storage_is_restored_into_another_and_into_files() {
    let folder = tempfile::tempdir().unwrap();
    let stored = Stored::new(&[]);
    let organization = Organization::new(&stored.server);
    organization.document("a.pdf", &[]).await;
    organization.document("b.pdf", &[]).await;
    let copy = folder.path().join("copy");
    let (code, said) =
        run(&stored.env, stored.server.data_dir(), &["backup", copy.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{said}");

    let another = S3Server::shared().place().environment(&S3Place::prefix());
    for (name, env) in [("storage", another), ("files", Vec::new())] {
        let data_dir = folder.path().join(name);
        let (code, said) = run(&env, &data_dir, &["restore", copy.to_str().unwrap()]);
        assert_eq!(code, Some(0), "{said}");
        let (code, said) = run(&env, &data_dir, &["check"]);
        assert!(code == Some(0) && said.contains("2 stored files, 10 bytes"), "{said}");
        let options = ServerOptions { env, data_dir: Some(data_dir), ..Default::default() };
        let restored = Server::start(PROGRAM, options);
        organization.at(&restored).document("c.pdf", &[]).await;
    }
    // Into a prefix that has something: refused.
    let data_dir = folder.path().join("refused");
    let (code, said) = run(&stored.env, &data_dir, &["restore", copy.to_str().unwrap()]);
    assert!(code == Some(1) && said.contains("empty prefix"), "{said}");
}

#[tokio::test]
async fn a_backup_without_bytes_lists_their_keys() {
    let folder = tempfile::tempdir().unwrap();
    let stored = Stored::new(&[]);
    Organization::new(&stored.server).document("a.pdf", &[]).await;
    let copy = folder.path().join("copy");
    let args = ["backup", "--no-blobs", copy.to_str().unwrap()];
    let (code, said) = run(&stored.env, stored.server.data_dir(), &args);
    assert_eq!(code, Some(0), "{said}");
    let list = std::fs::read_to_string(copy.join("blobs.txt")).unwrap();
    assert_eq!(list.trim(), format!("{}/{}", stored.prefix, stored.objects()[0]));
}

#[tokio::test]
async fn init_lets_pages_in_and_makes_the_storage_end_old_uploads() {
    let place = tokio::task::spawn_blocking(S3Process::radosgw).await.unwrap().place();
    let prefix = S3Place::prefix();
    let folder = tempfile::tempdir().unwrap();
    let env = place.environment(&prefix);
    let args = ["storage", "init", "--storage-cors-origin", "https://portal.example.com"];
    for _ in 0..2 {
        let (code, said) = run(&env, folder.path(), &args);
        assert_eq!(code, Some(0), "{said}");
        assert!(
            said.contains("ends after 7 days") && said.contains("portal.example.com"),
            "{said}"
        );
    }
    // As a browser asks before its page may PUT.
    let object = format!("{}/{}/{prefix}/uploads/x", place.endpoint, place.bucket);
    let ask = |origin: &'static str| {
        let request = reqwest::Client::new().request(reqwest::Method::OPTIONS, &object);
        let request = request.header("origin", origin);
        request.header("access-control-request-method", "PUT").send()
    };
    let allowed = ask("https://portal.example.com").await.unwrap();
    assert_eq!(allowed.status(), 200);
    assert_eq!(allowed.headers()["access-control-allow-origin"], "https://portal.example.com");
    assert_eq!(ask("https://elsewhere.example.com").await.unwrap().status(), 403);
}

#[test]
fn init_says_what_a_storage_cannot_do() {
    let folder = tempfile::tempdir().unwrap();
    let env = S3Server::shared().place().environment(&S3Place::prefix());
    let (code, said) = run(&env, folder.path(), &["storage", "init"]);
    assert!(code == Some(0) && said.contains("no rules of its own"), "{said}");
    let args = ["storage", "init", "--storage-cors-origin", "*"];
    let (code, said) = run(&env, folder.path(), &args);
    assert!(code == Some(1) && said.contains("proxied"), "{said}");
    let (code, said) = run(&[], folder.path(), &["storage", "init"]);
    assert!(code == Some(1) && said.contains("--storage"), "{said}");
}
