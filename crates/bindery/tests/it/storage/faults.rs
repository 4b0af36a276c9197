//! A storage that refuses, falls silent or breaks off: 503 while it lasts, and nothing that was acknowledged is lost.

use std::time::{Duration, Instant};

use bindery_testkit::{Organization, Proxy, S3Process, S3Server, Trouble};

use super::{Stored, pattern};

#[tokio::test]
async fn a_storage_that_refuses_is_503_and_all_is_well_afterwards() {
    let proxy = Proxy::start(&S3Server::shared().place().endpoint);
    let place = S3Server::shared().place().by(&proxy.endpoint());
    let stored = Stored::at(&place, &["--download-access", "proxied"]);
    let organization = Organization::new(&stored.server);
    let (creator, anonymous) = (organization.creator(), organization.anonymous());
    let bytes = pattern(100_000);
    let upload = organization.upload(&creator, &bytes).await;
    let tab = organization.tab(0);
    let version = organization.commit(&creator, &tab, &upload, "a.pdf", &[]).await.expect(200);
    let url = version.json()["downloadUrl"].as_str().unwrap().to_owned();
    let waiting = organization.presign(&creator).await;

    proxy.make(Trouble::Refuses);
    for answer in [anonymous.get(&url).await, anonymous.put(&waiting.url, b"new".to_vec()).await] {
        assert!(!answer.header("retry-after").is_empty());
        answer.problem(503);
    }
    let ready = anonymous.get("/readyz").await.expect(503).json();
    assert!(ready["status"].as_str().unwrap().contains("storage"), "{ready}");
    // What needs no bytes goes on.
    creator.get("/api/binders").await.expect(200);

    proxy.make(Trouble::None);
    assert!(anonymous.get(&url).await.expect(200).body == bytes);
    anonymous.put(&waiting.url, b"new".to_vec()).await.expect(201);
    organization.commit(&creator, &tab, &waiting, "b.pdf", &[]).await.expect(200);
    anonymous.get("/readyz").await.expect(200);
    assert!(stored.server.command_ok(&["check"]).contains("2 stored files"));
}

#[tokio::test]
async fn a_storage_that_falls_silent_takes_the_node_out_and_leaks_no_connection() {
    let proxy = Proxy::start(&S3Server::shared().place().endpoint);
    let place = S3Server::shared().place().by(&proxy.endpoint());
    let stored = Stored::at(&place, &["--download-access", "proxied"]);
    let organization = Organization::new(&stored.server);
    let anonymous = organization.anonymous();
    proxy.make(Trouble::Stalls);
    for answer in futures_util::future::join_all((0..8).map(|_| anonymous.get("/readyz"))).await {
        let ready = answer.expect(503).json();
        assert!(ready["status"].as_str().unwrap().contains("storage"), "{ready}");
    }
    proxy.make(Trouble::None);
    organization.document("a.pdf", &[]).await;
    anonymous.get("/readyz").await.expect(200);
    // Connections that were given up are closed; what is left is the pool.
    let end = Instant::now() + Duration::from_secs(30);
    while proxy.open() > 4 {
        assert!(Instant::now() < end, "{} connections are still open", proxy.open());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_put_outlives_connections_that_break() {
    let proxy = Proxy::start(&S3Server::shared().place().endpoint);
    let place = S3Server::shared().place().by(&proxy.endpoint());
    let stored = Stored::at(&place, &["--download-access", "proxied"]);
    let organization = Organization::new(&stored.server);
    let creator = organization.creator();
    let bytes = pattern(20 << 20);
    proxy.make(Trouble::Cuts { after_bytes: 5 << 20, connections: 2 });
    let upload = organization.upload(&creator, &bytes).await;
    let tab = organization.tab(0);
    let version = organization.commit(&creator, &tab, &upload, "a.bin", &[]).await.expect(200);
    let url = version.json()["downloadUrl"].as_str().unwrap().to_owned();
    proxy.make(Trouble::Cuts { after_bytes: 5 << 20, connections: 2 });
    assert!(organization.anonymous().get(&url).await.expect(200).body == bytes);
}

#[test]
fn a_storage_that_cannot_be_used_stops_the_start_and_says_why() {
    let place = S3Process::radosgw().place();
    for (name, value, cause) in [
        ("AWS_SECRET_ACCESS_KEY", "wrong".to_owned(), "SignatureDoesNotMatch"),
        ("BINDERY_STORAGE", place.url("a").replace("s3://bindery", "s3://absent"), "NoSuchBucket"),
        ("BINDERY_STORAGE", place.by("http://127.0.0.1:9").url("a"), "--storage"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut env = place.environment("a");
        env.retain(|(known, _)| known != name);
        env.push((name.to_owned(), value));
        let program = std::path::Path::new(crate::support::PROGRAM);
        let args = ["serve", "--listen", "127.0.0.1:0"];
        let output = bindery_testkit::run_with(program, &env, folder.path(), &args, "");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(cause), "{name}: {said}");
    }
}
