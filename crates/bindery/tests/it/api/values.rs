//! The bounds of metadata values, and the forms in which they are answered.

use bindery_testkit::{Answer, Organization, Server};
use serde_json::{Value, json};

use crate::support::{PROGRAM, organization, pluck};

async fn commit(organization: &Organization, metadata: &[(&str, &str)]) -> Answer {
    let creator = organization.creator();
    let upload = organization.upload(&creator, b"bytes").await;
    organization.commit(&creator, &organization.tab(0), &upload, "a.pdf", metadata).await
}

fn value(version: &Value, element: &str) -> Value {
    let entries = version["metadata"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["metadataElementId"] == element);
    entry.map_or(Value::Null, |entry| entry["valueId"].clone())
}

/// How many documents have this value.
async fn count(organization: &Organization, element: &str, wanted: &str) -> Value {
    let body = json!({ "MetadataFilters": [{ "metadataElementId": element, "value": wanted }] });
    let page = organization.reader().post("/api/documents", &body).await;
    page.expect(200).json()["totalCount"].clone()
}

#[tokio::test]
async fn numbers_have_up_to_thirty_digits_and_are_compared_exactly() {
    let organization = organization();
    let digits = "123456789012345678901234567890";
    for (given, answered) in [
        (digits, digits),
        ("-0.00000000000000000000000000010", "-0.0000000000000000000000000001"),
        ("0000.0", "0"),
        ("-0", "0"),
        ("+12.", "12"),
        (".50", "0.5"),
    ] {
        let answer = commit(&organization, &[("area", given)]).await;
        // "Optional point and digits": a point with no digit on one side is allowed to be refused.
        if answer.status == 400 && (given.starts_with('.') || given.ends_with('.')) {
            continue;
        }
        assert_eq!(value(&answer.expect(200).json(), "area"), answered, "{given}");
    }
    commit(&organization, &[("area", digits)]).await.expect(200);
    assert_eq!(count(&organization, "area", digits).await, 1);
    assert_eq!(count(&organization, "area", &format!("+{digits}")).await, 1);
    assert_eq!(count(&organization, "area", "123456789012345678901234567891").await, 0);
    for wrong in
        ["1234567890123456789012345678901", "1_000", "1 000", "0x10", "NaN", "∞", "١", "+", "."]
    {
        let fields = commit(&organization, &[("area", wrong)]).await.error_fields();
        assert_eq!(fields, ["additionalMetadata[0].value"], "{wrong}");
    }
}

#[tokio::test]
async fn a_date_keeps_the_time_that_was_set_and_counts_by_its_own_day() {
    let organization = organization();
    for (given, day) in [
        ("2026-03-01", "2026-03-01"),
        ("2026-03-01T00:30:00+02:00", "2026-03-01"),
        ("2026-02-28T23:30:00-11:00", "2026-02-28"),
        ("2024-02-29T12:00:00.123456Z", "2024-02-29"),
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31T23:59:59Z", "9999-12-31"),
    ] {
        let version = commit(&organization, &[("approved", given), ("GLOBAL_Date", given)]).await;
        let version = version.expect(200).json();
        for element in ["approved", "GLOBAL_Date"] {
            assert_eq!(value(&version, element), given);
            assert_eq!(count(&organization, element, day).await, 1, "{given}");
        }
    }
    for wrong in
        ["2026-3-1", "2025-02-29", "20260301", "2026-03-01T12:00", "2026-03-01 ", "01/03/2026"]
    {
        let answer = commit(&organization, &[("approved", wrong)]).await;
        assert_eq!(answer.error_fields(), ["additionalMetadata[0].value"], "{wrong:?}");
    }
}

#[tokio::test]
async fn characters_are_counted_after_nfc() {
    let organization = organization();
    // 4,000 characters once composed, twice as many as they are sent.
    let sent = "a\u{30a}".repeat(4_000);
    let version = commit(&organization, &[("number", &sent)]).await.expect(200).json();
    let answered = value(&version, "number");
    assert_eq!(answered.as_str().unwrap().chars().count(), 4_000);
    assert_eq!(answered, "å".repeat(4_000));
    assert_eq!(count(&organization, "number", &sent).await, 1);
    assert_eq!(count(&organization, "number", &"å".repeat(3_999)).await, 0);
    let one_more = format!("{sent}x");
    commit(&organization, &[("number", &one_more)]).await.problem(400);
    // Outside of the basic plane a character is one, too.
    commit(&organization, &[("number", &"🏠".repeat(4_000))]).await.expect(200);
    let term: String = "a\u{30a}".repeat(200).bytes().map(|byte| format!("%{byte:02X}")).collect();
    let reader = organization.reader();
    reader.post(&format!("/api/documents?searchTerm={term}"), &json!({})).await.expect(200);
    let label = json!({ "fileName": "b.pdf", "version": "e\u{301}".repeat(64),
        "uploadId": organization.upload(&organization.creator(), b"x").await.id });
    let path = format!("{}/upload", organization.drive(&organization.tab(0)));
    let version = organization.creator().post(&path, &label).await.expect(200).json();
    // A label is kept as it is.
    assert_eq!(version["version"], "e\u{301}".repeat(64));
}

#[tokio::test]
async fn a_text_takes_64_kib_and_is_found_by_equality() {
    let organization = organization();
    let text = "ö".repeat(32 * 1024);
    let version = commit(&organization, &[("note", &text)]).await.expect(200).json();
    assert_eq!(value(&version, "note"), text);
    assert_eq!(count(&organization, "note", &text).await, 1);
    assert_eq!(count(&organization, "note", &text[2..]).await, 0);
    commit(&organization, &[("note", &format!("{text}x"))]).await.problem(400);
    let lines = "första raden\nandra raden\tslut";
    let version = commit(&organization, &[("note", lines)]).await.expect(200).json();
    assert_eq!(value(&version, "note"), lines);
}

#[tokio::test]
async fn an_allowed_id_goes_before_a_label() {
    let binders = json!([{
        "name": "K", "tabs": [{ "name": "T", "type": "documents" }],
        "metadata": [{ "id": "kind", "label": "Kind", "dataType": "enum",
            "allowedValues": [{ "id": "x", "label": "y" }, { "id": "y", "label": "Z" }] }],
    }]);
    let organization = Organization::with_binders(Server::shared(PROGRAM), &binders);
    for (given, id) in [("y", "y"), ("Y", "x"), ("x", "x"), ("z", "y")] {
        let version = commit(&organization, &[("kind", given)]).await.expect(200).json();
        assert_eq!(value(&version, "kind"), id, "{given}");
    }
}

#[tokio::test]
async fn a_description_is_the_element_of_that_id_else_of_that_label() {
    let described = |metadata: Value| {
        let tabs = json!([{ "name": "T", "type": "documents" }]);
        let binders = json!([{ "name": "K", "metadata": metadata, "tabs": tabs }]);
        Organization::with_binders(Server::shared(PROGRAM), &binders)
    };
    let by_label = json!({ "id": "other", "label": "DESCRIPTION", "dataType": "string" });
    let by_id = json!({ "id": "description", "label": "Beskrivning", "dataType": "string" });
    let organization = described(json!([by_label]));
    let version = commit(&organization, &[("other", "Plan 1")]).await.expect(200).json();
    assert_eq!(version["description"], "Plan 1");
    let organization = described(json!([by_label, by_id]));
    let both = [("other", "by label"), ("description", "by id")];
    let version = commit(&organization, &both).await.expect(200).json();
    assert_eq!(version["description"], "by id");
    let organization = described(json!([]));
    assert_eq!(commit(&organization, &[]).await.expect(200).json()["description"], Value::Null);
}

#[tokio::test]
async fn metadata_stands_in_the_order_of_the_schema() {
    let organization = organization();
    let given =
        [("locked", "true"), ("GLOBAL_Category", "Finance"), ("number", "7"), ("discipline", "v")];
    let version = commit(&organization, &given).await.expect(200).json();
    assert_eq!(
        pluck(&version["metadata"], "metadataElementId"),
        [
            "GLOBAL_BinderId",
            "GLOBAL_TabId",
            "GLOBAL_TabType",
            "GLOBAL_CreatedBy",
            "GLOBAL_Version",
            "GLOBAL_Category",
            "discipline",
            "number",
            "locked",
        ]
    );
}
