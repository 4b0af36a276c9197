//! RFC 7662.

use bindery_testkit::{Answer, Organization};
use serde_json::json;

use crate::support::organization;

async fn introspect(by: &Organization, role: &str, token: &str) -> Answer {
    let body = format!("client_id={role}-{}&client_secret=secret-{role}&token={token}", by.id);
    by.anonymous().form("/connect/introspect", &body).await
}

#[tokio::test]
async fn a_client_learns_what_a_token_of_its_organization_is_worth() {
    let organization = organization();
    let token = organization.creator().token().await;
    let answer = introspect(&organization, "reader", &token).await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    assert_eq!(body["active"], true);
    assert_eq!(body["client_id"], format!("creator-{}", organization.id));
    assert_eq!(body["scope"], "ibinder_public");
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["role"], "creator");
    assert!(body["exp"].is_i64() && body["jti"].is_string(), "{body}");
}

#[tokio::test]
async fn another_organizations_token_and_nonsense_are_just_not_active() {
    let (organization, other) = (organization(), organization());
    let theirs = other.admin().token().await;
    for token in [theirs.as_str(), "nonsense", "a.b.c"] {
        let answer = introspect(&organization, "admin", token).await.expect(200);
        assert_eq!(answer.json(), json!({ "active": false }));
    }
}

#[tokio::test]
async fn nobody_introspects_without_proving_a_client() {
    let organization = organization();
    let token = organization.reader().token().await;
    let anonymous = organization.anonymous();
    for body in [
        format!("token={token}"),
        format!("token={token}&client_id=reader-{}&client_secret=x", organization.id),
    ] {
        let answer = anonymous.form("/connect/introspect", &body).await.expect(401);
        assert_eq!(answer.json()["error"], "invalid_client");
    }
    let without = introspect(&organization, "reader", "").await.expect(400);
    assert_eq!(without.json()["error"], "invalid_request");
}
