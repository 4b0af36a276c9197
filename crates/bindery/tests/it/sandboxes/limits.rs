//! How much visitors may take.

use bindery_testkit::Client;

use super::{open, server, visitor};

#[tokio::test]
async fn an_address_may_make_so_many() {
    let server = server(&["--sandbox-rate", "1/1h"]);
    open(&server).await.expect(201);
    let refused = open(&server).await;
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((3_000..=3_600).contains(&wait), "{wait}");
    refused.problem(429);
}

#[tokio::test]
async fn there_are_so_many_at_once() {
    let server = server(&["--sandbox-max", "1"]);
    open(&server).await.expect(201);
    let refused = open(&server).await;
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((86_000..=86_400).contains(&wait), "{wait}");
    let problem = refused.problem(503);
    assert_eq!(problem["detail"], "as many sandboxes are in use as this server allows");
}

#[tokio::test]
async fn a_sandbox_takes_small_files_and_so_many_of_them() {
    let server = server(&["--sandbox-storage", "4MiB"]);
    let visitor = visitor(&server).await;
    let anonymous = Client::anonymous(server.url());
    let upload = visitor.presign().await.expect(200).json();
    let url = upload["presignedUrl"].as_str().unwrap();
    anonymous.put(url, vec![b'x'; (4 << 20) / 20 + 1]).await.problem(413);

    // Each URL has its share of the room, used or not.
    let mut urls = 1;
    let refused = loop {
        let answer = visitor.presign().await;
        if answer.status != 200 {
            break answer.problem(507);
        }
        urls += 1;
        assert!(urls < 20, "more URLs than there is room");
    };
    assert!(refused["detail"].as_str().unwrap().contains("reset it"), "{refused}");
    assert!(urls > 5, "{urls}");
    visitor.client.send("POST", "/sandbox/reset", None).await.expect(204);
    visitor.presign().await.expect(200);
}

#[tokio::test]
async fn other_organizations_are_not_limited_like_that() {
    let server = server(&["--sandbox-storage", "1MiB"]);
    let organization = bindery_testkit::Organization::new(&server);
    let client = organization.creator();
    for _ in 0..25 {
        organization.presign(&client).await;
    }
    let upload = organization.presign(&client).await;
    organization.anonymous().put(&upload.url, vec![b'x'; 1 << 20]).await.expect(201);
}
