//! What a request body may look like.

use bindery_testkit::{Client, Organization};
use serde_json::json;

use crate::support::organization;

async fn search(
    organization: &Organization,
    content_type: &str,
    body: &[u8],
) -> bindery_testkit::Answer {
    organization.reader().send("POST", "/api/documents", Some((content_type, body.to_vec()))).await
}

async fn search_json(organization: &Organization, body: &str) -> bindery_testkit::Answer {
    search(organization, "application/json", body.as_bytes()).await
}

#[tokio::test]
async fn property_names_match_in_any_case_unknown_ones_are_ignored_and_null_is_absent() {
    let organization = organization();
    organization.document("a.pdf", &[("discipline", "a")]).await;
    for body in [
        r#"{"metadatafilters":[{"METADATAELEMENTID":"discipline","valueid":"a"}],"nothing":{"x":[1]}}"#,
        r#"{"metadataFilters":[{"MetadataElementId":"discipline","ValueId":"a","value":null}],"sortBy":null}"#,
        r#"{"MetadataFilters":null,"SortBy":[{"metadataelementid":"discipline","Direction":"DESC"}]}"#,
        "{}",
    ] {
        assert_eq!(
            search_json(&organization, body).await.expect(200).json()["totalCount"],
            1,
            "{body}"
        );
    }
}

#[tokio::test]
async fn json_is_taken_with_parameters_and_as_a_structured_suffix_other_types_are_415() {
    let organization = organization();
    for kind in [
        "application/json; charset=utf-8",
        "application/JSON",
        "application/vnd.example+json",
        "application/json;odata=verbose",
    ] {
        search(&organization, kind, b"{}").await.expect(200);
    }
    for kind in
        ["text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonx"]
    {
        search(&organization, kind, b"{}").await.problem(415);
    }
}

#[tokio::test]
async fn a_compressed_body_is_415_and_says_that_none_is_taken() {
    let organization = organization();
    let reader = organization.reader();
    let send = |coding: &str| {
        let reader = reader.with_header("content-encoding", coding);
        async move {
            reader.send("POST", "/api/documents", Some(("application/json", b"{}".to_vec()))).await
        }
    };
    for coding in ["gzip", "br", "identity, deflate"] {
        let answer = send(coding).await;
        assert_eq!(answer.header("accept-encoding"), "identity");
        assert_eq!(answer.problem(415)["title"], "the body is compressed", "{coding}");
    }
    send("Identity").await.expect(200);
}

#[tokio::test]
async fn a_request_without_a_body_is_not_refused_for_its_content_type() {
    let organization = organization();
    organization.reader().send("POST", "/api/documents", None).await.expect(200);
    search(&organization, "text/plain", b"").await.expect(200);
    search(&organization, "application/json", b"").await.expect(200);
}

#[tokio::test]
async fn a_body_that_is_no_json_or_of_the_wrong_shape_names_the_whole() {
    let organization = organization();
    for body in ["{", "[]", "7", "\"x\"", "{\"SortBy\":[}", "nul", "{}{}"] {
        assert_eq!(search_json(&organization, body).await.error_fields(), ["$"], "{body}");
    }
    assert_eq!(
        search(&organization, "application/json", b"{\"a\":\"\xff\xfe\"}").await.error_fields(),
        ["$"]
    );
    assert_eq!(search(&organization, "application/json", b"\0").await.error_fields(), ["$"]);
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_named_as_the_contract_spells_it() {
    let organization = organization();
    for (body, field) in [
        (r#"{"metadatafilters":7}"#, "MetadataFilters"),
        (r#"{"MetadataFilters":[7]}"#, "MetadataFilters[0]"),
        (
            r#"{"MetadataFilters":[{"metadataElementId":[]}]}"#,
            "MetadataFilters[0].metadataElementId",
        ),
        (
            r#"{"MetadataFilters":[{"metadataElementId":"discipline","valueId":"a"},{"valueId":"a"}]}"#,
            "MetadataFilters[1].metadataElementId",
        ),
        (r#"{"SORTBY":[{"metadataElementId":"discipline","direction":1}]}"#, "SortBy[0].direction"),
    ] {
        assert_eq!(search_json(&organization, body).await.error_fields(), [field], "{body}");
    }
}

#[tokio::test]
async fn deep_nesting_and_nul_are_refused_without_harm() {
    let organization = organization();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    search_json(&organization, &deep).await.problem(400);
    search_json(&organization, &format!("{{\"SortBy\":{deep}}}")).await.problem(400);
    let nul = r#"{"MetadataFilters":[{"metadataElementId":"disci\u0000pline","valueId":"a"}]}"#;
    assert_eq!(
        search_json(&organization, nul).await.error_fields(),
        ["MetadataFilters[0].metadataElementId"]
    );
    let nul = r#"{"MetadataFilters":[{"metadataElementId":"number","value":"a\u0000b"}]}"#;
    let fields = search_json(&organization, nul).await.error_fields();
    assert_eq!(fields, ["MetadataFilters[0].value"]);
}

#[tokio::test]
async fn bodies_over_one_mebibyte_are_413() {
    let organization = organization();
    let large = format!("{{\"x\":\"{}\"}}", "y".repeat(1 << 20));
    search_json(&organization, &large).await.problem(413);
    let path = format!("{}/upload", organization.drive(&organization.tab(0)));
    let creator: Client = organization.creator();
    creator.post(&path, &json!({ "fileName": "x".repeat(1 << 20) })).await.problem(413);
    let fits = format!("{{\"x\":\"{}\"}}", "y".repeat((1 << 20) - 10));
    search_json(&organization, &fits).await.expect(200);
}
