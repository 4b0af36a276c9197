//! Getting a token: RFC 6749, sections 2.3.1, 4.4 and 5.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use bindery_testkit::{Answer, Organization};
use serde_json::{Value, json};

use crate::support::organization;

const PATH: &str = "/connect/token";

/// The error code of a refusal, after checking what every refusal has.
#[track_caller]
fn error(answer: Answer, status: u16) -> String {
    let answer = answer.expect(status);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    assert_eq!(answer.header("content-type"), "application/json");
    let body = answer.json();
    assert!(body["error_description"].is_string(), "{body}");
    body["error"].as_str().unwrap().to_owned()
}

fn form(organization: &Organization, rest: &str) -> String {
    format!("client_id=reader-{}&client_secret=secret-reader&{rest}", organization.id)
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")))
}

fn part(token: &str, n: usize) -> Value {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(n).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn a_form_gets_a_bearer_token_of_an_hour_that_nobody_stores() {
    let organization = organization();
    let body = form(&organization, "grant_type=client_credentials&scope=ibinder_public");
    let answer = organization.anonymous().form(PATH, &body).await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    let body = answer.json();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3600);
    assert_eq!(body["scope"], "ibinder_public");
    let token = body["access_token"].as_str().unwrap();
    let reader = organization.reader().with_header("authorization", &format!("bearer {token}"));
    reader.get("/api/binders").await.expect(200);
}

#[tokio::test]
async fn the_token_is_an_rfc_9068_access_token() {
    let organization = organization();
    let token = organization.reader().token().await;
    let (header, claims) = (part(&token, 0), part(&token, 1));
    assert_eq!((&header["typ"], &header["alg"]), (&json!("at+jwt"), &json!("ES256")));
    assert!(header["kid"].is_string());
    let client = format!("reader-{}", organization.id);
    assert_eq!(claims["iss"], organization.anonymous().base());
    assert_eq!((&claims["sub"], &claims["client_id"]), (&json!(client), &json!(client)));
    assert_eq!(claims["aud"], "ibinder_public");
    assert_eq!(claims["scope"], "ibinder_public");
    assert_eq!(claims["organization_id"], organization.id.as_str());
    assert_eq!(claims["role"], "reader");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
    let other = part(&Organization::reader(&organization).token().await, 1);
    assert_ne!(claims["jti"], other["jti"]);
}

#[tokio::test]
async fn a_json_body_means_the_same_with_names_as_they_are() {
    let organization = organization();
    let body = json!({ "grant_type": "client_credentials", "client_id": format!("reader-{}", organization.id),
        "client_secret": "secret-reader", "scope": null, "audience": { "any": 1 } });
    organization.anonymous().post(PATH, &body).await.expect(200);
    let other_case =
        json!({ "Grant_Type": "client_credentials", "client_id": "a", "client_secret": "b" });
    assert_eq!(
        error(organization.anonymous().post(PATH, &other_case).await, 400),
        "invalid_request"
    );
}

#[tokio::test]
async fn http_basic_proves_a_client_with_its_parts_form_encoded() {
    let organization = organization();
    let id = format!("reader-{}", organization.id).replace('-', "%2D");
    let client =
        organization.anonymous().with_header("authorization", &basic(&id, "secret%2Dreader"));
    client.form(PATH, "grant_type=client_credentials").await.expect(200);
}

#[tokio::test]
async fn a_session_that_sends_its_last_token_along_is_proved_by_the_body() {
    let organization = organization();
    let old = format!("Bearer {}", organization.reader().token().await);
    let session = organization.anonymous().with_header("authorization", &old);
    let body = form(&organization, "grant_type=client_credentials");
    session.form(PATH, &body).await.expect(200);
    let nobody = "grant_type=client_credentials&client_id=x";
    assert_eq!(error(session.form(PATH, nobody).await, 401), "invalid_client");
}

#[tokio::test]
async fn a_secret_with_signs_is_taken_encoded_and_as_it_stands() {
    let binders = json!([]);
    let server = bindery_testkit::Server::shared(crate::support::PROGRAM);
    let organization = Organization::with_binders(server, &binders);
    let id = format!("signs-{}", organization.id);
    server.provision(
        &json!({ "organizations": [{ "id": organization.id, "name": format!("Fastighets AB {}", organization.id),
            "clients": [{ "id": id, "role": "reader", "secret": "100%+a&b=c:d%2B" }] }] })
        .to_string(),
    );
    for secret in ["100%+a&b=c:d%2B", "100%25%2Ba%26b%3Dc%3Ad%252B"] {
        let client = organization.anonymous().with_header("authorization", &basic(&id, secret));
        client.form(PATH, "grant_type=client_credentials").await.expect(200);
    }
    let client =
        organization.anonymous().with_header("authorization", &basic(&id, "100% a&b=c:d+"));
    assert_eq!(
        error(client.form(PATH, "grant_type=client_credentials").await, 401),
        "invalid_client"
    );
}

#[tokio::test]
async fn what_a_token_is_for_may_be_named_as_other_providers_ask() {
    let organization = organization();
    let rest =
        "grant_type=client_credentials&audience=https%3A%2F%2Fapi&resource=urn:a&resource=urn:b";
    organization.anonymous().form(PATH, &form(&organization, rest)).await.expect(200);
}

#[tokio::test]
async fn two_ways_to_authenticate_at_once_are_an_invalid_request() {
    let organization = organization();
    let id = format!("reader-{}", organization.id);
    let client =
        organization.anonymous().with_header("authorization", &basic(&id, "secret-reader"));
    let body = form(&organization, "grant_type=client_credentials");
    assert_eq!(error(client.form(PATH, &body).await, 400), "invalid_request");
}

#[tokio::test]
async fn a_wrong_secret_an_unknown_client_and_none_answer_the_same_401() {
    let organization = organization();
    let anonymous = organization.anonymous();
    let mut answers = Vec::new();
    for body in [
        format!("client_id=reader-{}&client_secret=wrong", organization.id),
        format!("client_id=nobody-{}&client_secret=secret-reader", organization.id),
        "client_id=%C3%A5+b&client_secret=x".to_owned(),
        String::new(),
    ] {
        let answer = anonymous.form(PATH, &format!("grant_type=client_credentials&{body}")).await;
        assert!(answer.header("www-authenticate").starts_with("Basic"), "{body}");
        answers.push(answer.body.clone());
        assert_eq!(error(answer, 401), "invalid_client", "{body}");
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
}

#[tokio::test]
async fn another_grant_or_scope_is_refused_by_its_name() {
    let organization = organization();
    let anonymous = organization.anonymous();
    for (rest, code) in [
        ("grant_type=password", "unsupported_grant_type"),
        ("grant_type=client_credentials&scope=openid", "invalid_scope"),
        ("grant_type=client_credentials&scope=ibinder_public+openid", "invalid_scope"),
        ("scope=ibinder_public", "invalid_request"),
        ("grant_type=", "invalid_request"),
        (
            "grant_type=client_credentials&scope=ibinder_public&scope=ibinder_public",
            "invalid_request",
        ),
    ] {
        let answer = anonymous.form(PATH, &form(&organization, rest)).await;
        assert_eq!(error(answer, 400), code, "{rest}");
    }
}

#[tokio::test]
async fn bodies_that_are_neither_form_nor_json_are_invalid_requests() {
    let organization = organization();
    let anonymous = organization.anonymous();
    for (kind, body) in [
        ("text/plain", b"grant_type=client_credentials".to_vec()),
        ("application/json", b"{".to_vec()),
        ("application/json", b"[]".to_vec()),
        ("application/json", br#"{"grant_type":7}"#.to_vec()),
        ("application/json", [b"[".repeat(5_000), b"]".repeat(5_000)].concat()),
        ("application/x-www-form-urlencoded", b"grant_type=%ff".to_vec()),
        ("application/x-www-form-urlencoded", b"grant_type=\xff".to_vec()),
        ("application/x-www-form-urlencoded", vec![b'a'; 100_000]),
    ] {
        let answer = anonymous.send("POST", PATH, Some((kind, body.clone()))).await;
        assert_eq!(error(answer, 400), "invalid_request", "{kind} {}", body.len());
    }
}
