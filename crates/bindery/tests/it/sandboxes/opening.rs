//! What a visitor gets.

use bindery_testkit::{Client, Organization, Server};
use serde_json::json;

use super::{server, visitor};
use crate::support::{PROGRAM, operator, pluck};

#[tokio::test]
async fn a_server_that_offers_none_says_404_to_everybody() {
    let shared = Server::shared(PROGRAM);
    let anonymous = Client::anonymous(shared.url());
    let creator = Organization::new(shared).creator();
    for client in [anonymous, creator] {
        client.get("/sandbox").await.problem(404);
        client.send("POST", "/sandbox", None).await.problem(404);
        client.send("POST", "/sandbox/reset", None).await.problem(404);
    }
}

#[tokio::test]
async fn visitors_have_organizations_of_their_own_with_the_ids_of_the_demonstration() {
    let server = server(&[]);
    let (one, other) = (visitor(&server).await, visitor(&server).await);
    assert_ne!((&one.organization, &one.client_id), (&other.organization, &other.client_id));
    assert!(one.client_id.starts_with("sandbox-"), "{}", one.client_id);

    let demonstration = tempfile::tempdir().unwrap();
    let demonstration = operator::run(demonstration.path(), &["demo", "--json"]).expect(0).out;
    let demonstration: serde_json::Value = serde_json::from_str(&demonstration).unwrap();
    let demonstrated = &demonstration["organizations"][0];
    assert_ne!(demonstrated["id"], one.organization.as_str());
    let mut binders = pluck(&demonstrated["binders"], "id");
    let mut mine = pluck(&one.client.get("/api/binders").await.expect(200).json(), "id");
    binders.sort();
    mine.sort();
    assert_eq!(mine, binders);
    let documents = one.documents().await;
    assert_eq!((documents.len(), &documents), (240, &other.documents().await));
    assert_eq!(one.count_of("A-40.1-1100").await, 1);

    // What one of them adds is not the other's.
    one.commit("mine.pdf", b"%PDF-mine").await;
    assert_eq!((one.documents().await.len(), other.documents().await.len()), (241, 240));
    let intruder = one.client.with_header("x-ibinder-tenantid", &other.organization);
    intruder.get("/api/binders").await.problem(403);
}

#[tokio::test]
async fn the_offer_says_what_a_sandbox_is_like() {
    let server = server(&["--sandbox-expiry", "2h", "--sandbox-storage", "40MiB"]);
    let anonymous = Client::anonymous(server.url());
    let offer = anonymous.get("/sandbox").await.expect(200).json();
    let expected = json!({
        "lifetimeSeconds": 7_200, "maxStorageBytes": 41_943_040, "maxFileBytes": 2_097_152,
    });
    assert_eq!(offer, expected);
}
