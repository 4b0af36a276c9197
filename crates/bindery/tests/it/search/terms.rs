//! The free text on document names.

use bindery_testkit::Organization;
use serde_json::json;

use crate::support::{organization, pluck};

async fn found(organization: &Organization, term: &str) -> Vec<String> {
    let encoded: String = term.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let answer = organization
        .reader()
        .post(&format!("/api/documents?searchTerm={encoded}"), &json!({}))
        .await;
    pluck(&answer.expect(200).json()["items"], "fileName")
}

#[tokio::test]
async fn a_term_is_found_within_names_the_swedish_way() {
    let organization = organization();
    for name in [
        "Café Åhus.pdf",
        "CAFE Ahus.pdf",
        "Smørrebrød.pdf",
        "100%_klart*.pdf",
        "A-40.1-1100 \"plan\".pdf",
        "Händel.pdf",
    ] {
        organization.document(name, &[]).await;
    }
    for (term, names) in [
        ("café", vec!["CAFE Ahus.pdf", "Café Åhus.pdf"]),
        ("CAFE", vec!["CAFE Ahus.pdf", "Café Åhus.pdf"]),
        ("åhus", vec!["Café Åhus.pdf"]),
        ("a\u{30a}hus", vec!["Café Åhus.pdf"]),
        ("ahus", vec!["CAFE Ahus.pdf"]),
        ("smörrebröd", vec!["Smørrebrød.pdf"]),
        ("handel", vec![]),
        ("hÄn", vec!["Händel.pdf"]),
        ("%", vec!["100%_klart*.pdf"]),
        ("_", vec!["100%_klart*.pdf"]),
        ("*", vec!["100%_klart*.pdf"]),
        ("\"", vec!["A-40.1-1100 \"plan\".pdf"]),
        ("\"plan\"", vec!["A-40.1-1100 \"plan\".pdf"]),
        ("40.1-1100", vec!["A-40.1-1100 \"plan\".pdf"]),
        ("pdf café", vec!["CAFE Ahus.pdf", "Café Åhus.pdf"]),
        ("café plan", vec![]),
        ("af åh", vec!["Café Åhus.pdf"]),
        ("OR", vec!["Smørrebrød.pdf"]),
    ] {
        if term == "OR" {
            assert!(found(&organization, term).await.is_empty(), "ø is ö, not o");
            continue;
        }
        assert_eq!(found(&organization, term).await, names, "{term}");
    }
    assert_eq!(found(&organization, "   ").await.len(), 6);
    assert_eq!(found(&organization, "").await.len(), 6);
}

#[tokio::test]
async fn a_term_over_200_characters_is_400() {
    let organization = organization();
    let path = |n: usize| format!("/api/documents?searchTerm={}", "a".repeat(n));
    organization.reader().post(&path(200), &json!({})).await.expect(200);
    assert_eq!(
        organization.reader().post(&path(201), &json!({})).await.error_fields(),
        ["searchTerm"]
    );
}
