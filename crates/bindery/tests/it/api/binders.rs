//! Listing binders and their metadata elements.

use bindery_testkit::{Organization, Server};
use serde_json::json;

use crate::support::{PROGRAM, organization, pluck};

#[tokio::test]
async fn binders_are_listed_by_name_in_swedish_order() {
    let names = ["Östermalm", "Ängen", "Åbrinken", "Zinken", "kv. Alen", "Kv. Ålen"];
    let binders: Vec<_> =
        names.iter().map(|name| json!({ "name": name, "type": "property" })).collect();
    let organization = Organization::with_binders(Server::shared(PROGRAM), &json!(binders));
    let listed = organization.reader().get("/api/binders").await.expect(200).json();
    assert_eq!(
        pluck(&listed, "name"),
        ["kv. Alen", "Kv. Ålen", "Zinken", "Åbrinken", "Ängen", "Östermalm"]
    );
    assert_eq!(listed[0]["type"], "property");
    assert_eq!(listed[0]["id"].as_str().unwrap().len(), 9);
    let created = listed[0]["createdAt"].as_str().unwrap();
    assert!(
        created.ends_with('Z') && created.len() == "2026-01-31T08:15:30.125Z".len(),
        "{created}"
    );
}

#[tokio::test]
async fn metadata_elements_start_with_the_platforms_own_in_their_order() {
    let organization = organization();
    let path = format!("/api/binders/{}/metadataelements", organization.binder(0));
    let elements = organization.reader().get(&path).await.expect(200).json();
    let ids = pluck(&elements, "id");
    assert_eq!(
        ids,
        [
            "GLOBAL_BinderId",
            "GLOBAL_TabId",
            "GLOBAL_TabType",
            "GLOBAL_CreatedBy",
            "GLOBAL_Version",
            "GLOBAL_Category",
            "GLOBAL_Status",
            "GLOBAL_Date",
            "GLOBAL_RevisionDate",
            "GLOBAL_FileName",
            "discipline",
            "number",
            "note",
            "area",
            "approved",
            "locked",
            "description",
        ]
    );
    let types = pluck(&elements, "dataType");
    assert_eq!(
        types[..10],
        [
            "string", "string", "string", "string", "string", "enum", "enum", "date", "date",
            "string"
        ]
    );
    assert_eq!(types[10..], ["enum", "string", "text", "number", "date", "boolean", "string"]);
    assert_eq!(
        elements[5]["allowedValues"],
        json!([{ "id": "legal", "label": "Legal" }, { "id": "finance", "label": "Finance" }])
    );
    assert_eq!(
        elements[6]["allowedValues"],
        json!([{ "id": "active", "label": "Active" }, { "id": "archived", "label": "Archived" }])
    );
    assert_eq!(elements[11]["allowedValues"], json!([]));
    assert!(elements.as_array().unwrap().iter().all(|element| element["required"].is_boolean()));
}

#[tokio::test]
async fn a_binder_that_is_not_there_is_not_found() {
    let organization = organization();
    for id in ["AAAAAAAAA", "short", "nine%20chr", "toolongtoolong", "%F0%9F%8F%A0"] {
        let problem = organization
            .reader()
            .get(&format!("/api/binders/{id}/metadataelements"))
            .await
            .problem(404);
        assert!(problem.get("errors").is_none());
    }
}

#[tokio::test]
async fn nano_ids_are_exact() {
    let organization = organization();
    let id = organization.binder(0);
    let swapped: String = id
        .chars()
        .map(|c| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect();
    if swapped != id {
        organization
            .reader()
            .get(&format!("/api/binders/{swapped}/metadataelements"))
            .await
            .problem(404);
    }
}
