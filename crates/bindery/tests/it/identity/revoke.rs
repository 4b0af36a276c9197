//! RFC 7009.

use bindery_testkit::{Answer, Organization};

use crate::support::organization;

async fn revoke(by: &Organization, role: &str, token: &str) -> Answer {
    let body = format!(
        "client_id={role}-{}&client_secret=secret-{role}&token={token}&token_type_hint=access_token",
        by.id
    );
    by.anonymous().form("/connect/revocation", &body).await
}

#[tokio::test]
async fn a_revoked_token_ends_at_once_and_a_new_one_works() {
    let organization = organization();
    let reader = organization.reader();
    reader.get("/api/binders").await.expect(200);
    revoke(&organization, "reader", &reader.token().await).await.expect(200);
    let answer = reader.get("/api/binders").await.expect(401);
    assert!(answer.header("www-authenticate").contains("error=\"invalid_token\""));
    organization.reader().get("/api/binders").await.expect(200);
}

#[tokio::test]
async fn revoking_again_or_nonsense_is_no_error() {
    let organization = organization();
    let token = organization.reader().token().await;
    for token in [token.as_str(), token.as_str(), "nonsense"] {
        revoke(&organization, "reader", token).await.expect(200);
    }
}

#[tokio::test]
async fn nobody_revokes_anothers_token() {
    let (organization, other) = (organization(), organization());
    let admin = organization.admin();
    let token = admin.token().await;
    for (by, role) in [(&organization, "reader"), (&other, "admin")] {
        let answer = revoke(by, role, &token).await.expect(400);
        assert_eq!(answer.json()["error"], "unauthorized_client");
    }
    let nobody =
        organization.anonymous().form("/connect/revocation", &format!("token={token}")).await;
    nobody.expect(401);
    admin.get("/api/binders").await.expect(200);
}
