//! Pages.

use serde_json::{Value, json};

use crate::support::{organization, pluck};

#[tokio::test]
async fn pages_visit_each_document_exactly_once() {
    let organization = organization();
    for n in 0..25 {
        let discipline = ["a", "k", "v"][n % 3];
        organization.document(&format!("{n}.pdf"), &[("discipline", discipline)]).await;
    }
    for body in [
        json!({}),
        json!({ "SortBy": [{ "metadataElementId": "discipline", "direction": "desc" }] }),
    ] {
        let mut seen = Vec::new();
        for page in 1..=4 {
            let path = format!("/api/documents?pageSize=7&pageNumber={page}");
            let answer = organization.reader().post(&path, &body).await.expect(200).json();
            assert_eq!(answer["totalCount"], 25);
            seen.extend(pluck(&answer["items"], "id"));
        }
        assert_eq!(seen.len(), 25);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 25);
    }
}

#[tokio::test]
async fn defaults_limits_and_the_page_past_the_end() {
    let organization = organization();
    organization.document("a.pdf", &[]).await;
    let reader = organization.reader();
    let page = reader.post("/api/documents", &Value::Null).await.expect(200).json();
    assert_eq!((page["pageNumber"].clone(), page["pageSize"].clone()), (json!(1), json!(50)));
    let past = reader
        .post("/api/documents?pageNumber=2147483647&pageSize=1000", &json!({}))
        .await
        .expect(200)
        .json();
    assert_eq!((past["items"].clone(), past["totalCount"].clone()), (json!([]), json!(1)));
    for (query, field) in [
        ("pageSize=0", "pageSize"),
        ("pageSize=1001", "pageSize"),
        ("pageSize=-1", "pageSize"),
        ("pageSize=ten", "pageSize"),
        ("pageSize=99999999999999999999", "pageSize"),
        ("pageNumber=0", "pageNumber"),
        ("pageNumber=2147483648", "pageNumber"),
        ("pageNumber=1.5", "pageNumber"),
    ] {
        let fields =
            reader.post(&format!("/api/documents?{query}"), &json!({})).await.error_fields();
        assert_eq!(fields, [field], "{query}");
    }
}
