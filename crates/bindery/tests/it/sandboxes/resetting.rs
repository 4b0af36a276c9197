//! Back to the first day in one call.

use bindery_testkit::{Client, Organization, stored_files};

use super::{server, visitor};
use crate::support::operator::check_is_clean;

#[tokio::test]
async fn a_reset_sandbox_is_as_on_its_first_day() {
    let server = server(&[]);
    let visitor = visitor(&server).await;
    let (documents, stored) = (visitor.documents().await, stored_files(server.data_dir()));
    let version = visitor.commit("mine.pdf", b"%PDF-mine").await;
    visitor.presign().await.expect(200);
    assert!(stored_files(server.data_dir()).len() > stored.len());

    visitor.client.send("POST", "/sandbox/reset", None).await.expect(204);
    assert_eq!(visitor.documents().await, documents);
    let path = format!("/api/documents/{}", version["documentId"].as_str().unwrap());
    visitor.client.get(&path).await.problem(404);
    assert_eq!(visitor.count_of("mine").await, 0);
    assert_eq!(stored_files(server.data_dir()), stored);
    check_is_clean(server.data_dir());

    // And it can be used as before.
    visitor.commit("mine.pdf", b"%PDF-again").await;
    assert_eq!(visitor.documents().await.len(), documents.len() + 1);
}

#[tokio::test]
async fn whoever_commits_while_it_is_reset_finds_the_search_right() {
    let server = server(&[]);
    let visitor = visitor(&server).await;
    let documents = visitor.documents().await;
    let resets = async {
        for _ in 0..6 {
            visitor.client.send("POST", "/sandbox/reset", None).await.expect(204);
        }
    };
    let commits = async {
        for n in 0..40 {
            let answer = visitor.try_commit(&format!("mine {n}.pdf"), b"%PDF-mine").await;
            // Refused when a reset took away its upload.
            assert!([200, 404].contains(&answer.status), "{answer:?}");
        }
    };
    tokio::join!(resets, commits);
    let mine = visitor.count_of("mine").await.as_u64().unwrap();
    assert_eq!(visitor.documents().await.len() as u64, documents.len() as u64 + mine);
    check_is_clean(server.data_dir());
    visitor.client.send("POST", "/sandbox/reset", None).await.expect(204);
    assert_eq!(visitor.documents().await, documents);
}

#[tokio::test]
async fn only_the_sandboxs_own_client_may_reset_it_and_only_a_sandbox_is_reset() {
    let server = server(&[]);
    let (one, other) = (visitor(&server).await, visitor(&server).await);
    let reset = async |client: &Client| client.send("POST", "/sandbox/reset", None).await;
    reset(&Client::anonymous(server.url())).await.problem(401);
    reset(&one.client.without_header("x-ibinder-tenantid")).await.problem(400);
    reset(&one.client.with_header("x-ibinder-tenantid", &other.organization)).await.problem(403);
    let organization = Organization::new(&server);
    reset(&organization.reader()).await.problem(403);
    let refused = reset(&organization.creator()).await.problem(404);
    assert_eq!(refused["title"], "no such sandbox");
}
