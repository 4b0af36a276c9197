//! Any name that a commit takes comes back as it was, in answers and in headers.

use bindery_testkit::Organization;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;

use crate::support::organization;

/// The name that a browser reads from `Content-Disposition` (RFC 6266: `filename*` goes before `filename`).
fn named(disposition: &str) -> String {
    let (plain, rest) = disposition.split_once("filename=\"").unwrap().1.split_once('"').unwrap();
    if let Some(encoded) = rest.strip_prefix("; filename*=UTF-8''") {
        let mut bytes = Vec::new();
        let mut rest = encoded.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'%' => {
                    let digits = [rest.next().unwrap(), rest.next().unwrap()];
                    u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
                }
                b';' => break,
                plain => plain,
            });
        }
        return String::from_utf8(bytes).unwrap();
    }
    plain.to_owned()
}

async fn round_trip(organization: &Organization, name: &str) {
    let creator = organization.creator();
    let upload = organization.upload(&creator, b"bytes").await;
    let answer = organization.commit(&creator, &organization.tab(0), &upload, name, &[]).await;
    if answer.status == 400 {
        assert_eq!(answer.error_fields(), ["fileName"], "{name:?}");
        return;
    }
    let version = answer.expect(200).json();
    let path = format!("/api/documents/{}", version["documentId"].as_str().unwrap());
    let document = creator.get(&path).await.expect(200).json();
    let stored = document["fileName"].as_str().unwrap();
    // Found again by its whole name, as it was sent and as it is answered.
    for wanted in [name.trim_matches(' '), stored] {
        let filter = json!({ "metadataElementId": "GLOBAL_FileName", "value": wanted });
        let body = json!({ "MetadataFilters": [filter] });
        let page = creator.post("/api/documents", &body).await.expect(200).json();
        assert_eq!(page["totalCount"], 1, "{wanted:?} of {name:?}");
    }
    let link = version["downloadUrl"].as_str().unwrap();
    let bytes = organization.anonymous().get(link).await.expect(200);
    assert_eq!(named(bytes.header("content-disposition")), stored, "{name:?}");
    assert_eq!(bytes.body, b"bytes");
}

#[tokio::test]
async fn names_come_back_in_answers_searches_and_headers() {
    let organization = organization();
    for name in [
        "a.pdf",
        "a%41+&=?#;,'\"()[]{}<>|*~^`$!@.txt",
        "filename*=UTF-8''x.pdf",
        "\u{1F469}\u{200D}\u{1F4BB}.dwg",
        "שלום.pdf",
        "Å\u{308}\u{301}.pdf",
        "ﬁ ㎡ ½.pdf",
        "\u{FEFF}bom.pdf",
        "a\u{2028}b.pdf",
        "NUL",
        "con.txt",
        "-rf",
        ".hidden",
        "dot.",
    ] {
        round_trip(&organization, name).await;
    }
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let names =
        prop_oneof!["\\PC{1,40}", ".{1,20}", "[ -~]{1,30}", "[a-zåäöé\u{300}-\u{30f}]{1,20}"];
    for _ in 0..80 {
        let name = names.new_tree(&mut runner).unwrap().current();
        round_trip(&organization, &name).await;
    }
}
