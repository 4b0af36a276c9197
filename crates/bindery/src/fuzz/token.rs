//! Access tokens: the text as it comes, and the claims behind a right signature.

use bindery_domain::{Role, Timestamp};
use bindery_testkit::fuzz;

use crate::identity::claims::{Authenticated, Claims};
use crate::identity::keyring::Keyring;
use crate::identity::token::verify;
use crate::identity::{KeyTimes, SigningAlgorithm, SigningKey, signing_key};

const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

#[test]
fn any_text_is_refused_and_signed_claims_must_be_whole() {
    let pkcs8 = signing_key::generate(SigningAlgorithm::Es256).unwrap();
    let times = KeyTimes { created: NOW, signs_from: NOW, verifies_until: None };
    let keys =
        Keyring::new(vec![SigningKey::parse(SigningAlgorithm::Es256, &pkcs8, times).unwrap()]);
    let key = keys.signer(NOW).unwrap();
    let right = key.sign(&serde_json::to_vec(&claims()).unwrap()).unwrap();
    fuzz::run("token", |input| {
        // A seed cannot hold a right token, for the key is new in each run: this word stands for one.
        let text = String::from_utf8_lossy(input).replace("RIGHT", &right);
        let as_text = verify(&text, &keys, NOW);
        if as_text.is_ok() {
            assert_eq!(text, right, "only the token itself verifies");
        }
        let as_claims = verify(&key.sign(input).unwrap(), &keys, NOW);
        if let Ok(claims) = &as_claims {
            assert!(claims.exp > NOW.secs() && claims.aud == "ibinder_public", "{claims:?}");
        }
        format!("{:?} {:?}", as_text.err(), as_claims.err())
    });
}

fn claims() -> Claims {
    let by = Authenticated {
        client: "erp-sync".parse().unwrap(),
        organization: "6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e".parse().unwrap(),
        role: Role::Creator,
        secret: "s1".into(),
    };
    Claims::new("https://bindery.example", &by, "j1".into(), NOW, 3600)
}
