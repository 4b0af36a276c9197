//! What the identity provider publishes about itself.

use crate::support::organization;

#[tokio::test]
async fn both_well_known_addresses_describe_the_same_endpoints() {
    let anonymous = organization().anonymous();
    let openid = anonymous.get("/.well-known/openid-configuration").await.expect(200).json();
    let oauth = anonymous.get("/.well-known/oauth-authorization-server").await.expect(200).json();
    assert_eq!(openid, oauth);
    let base = anonymous.base();
    assert_eq!(openid["issuer"], base);
    for (name, path) in [
        ("token_endpoint", "/connect/token"),
        ("jwks_uri", "/.well-known/openid-configuration/jwks"),
        ("revocation_endpoint", "/connect/revocation"),
        ("introspection_endpoint", "/connect/introspect"),
    ] {
        assert_eq!(openid[name], format!("{base}{path}"));
    }
    assert_eq!(openid["grant_types_supported"], serde_json::json!(["client_credentials"]));
    assert_eq!(openid["scopes_supported"], serde_json::json!(["ibinder_public"]));
}

#[tokio::test]
async fn only_the_public_halves_of_keys_are_published() {
    let anonymous = organization().anonymous();
    let answer = anonymous.get("/.well-known/openid-configuration/jwks").await.expect(200);
    let keys = answer.json()["keys"].as_array().unwrap().clone();
    assert!(!keys.is_empty());
    for key in keys {
        let mut members: Vec<_> = key.as_object().unwrap().keys().cloned().collect();
        members.sort();
        assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
        assert_eq!(key["use"], "sig");
    }
}
