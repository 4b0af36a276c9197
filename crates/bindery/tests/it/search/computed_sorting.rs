//! Sorting on what the platform computes, and on values that are hard to tell apart.

use bindery_testkit::Organization;
use serde_json::{Value, json};

use crate::support::{organization, pluck};

async fn sorted(organization: &Organization, element: &str, direction: &str) -> Vec<String> {
    let keys = json!([{ "metadataElementId": element, "direction": direction }]);
    let answer = organization.reader().post("/api/documents", &json!({ "SortBy": keys })).await;
    pluck(&answer.expect(200).json()["items"], "fileName")
}

/// Three documents: by the admin in the second tab, by the creator in a nested folder, by the creator in the first tab.
async fn filled() -> Organization {
    let organization = organization();
    let (creator, admin) = (organization.creator(), organization.admin());
    let folders = creator.get(&organization.drive(&organization.tab(0))).await.expect(200).json();
    let nested = folders[0]["id"].as_str().unwrap().to_owned();
    for (client, folder, name) in [
        (&admin, organization.tab(1), "protocol"),
        (&creator, nested, "nested"),
        (&creator, organization.tab(0), "drawing"),
    ] {
        let upload = organization.upload(client, name.as_bytes()).await;
        organization.commit(client, &folder, &upload, name, &[]).await.expect(200);
    }
    organization
}

#[tokio::test]
async fn computed_elements_sort_as_text() {
    let organization = filled().await;
    for (element, direction, names) in [
        ("GLOBAL_TabType", "asc", ["protocol", "drawing", "nested"]),
        ("GLOBAL_TabType", "desc", ["drawing", "nested", "protocol"]),
        ("GLOBAL_CreatedBy", "asc", ["protocol", "drawing", "nested"]),
        ("GLOBAL_CreatedBy", "desc", ["drawing", "nested", "protocol"]),
        ("GLOBAL_Version", "asc", ["drawing", "nested", "protocol"]),
        ("GLOBAL_BinderId", "desc", ["drawing", "nested", "protocol"]),
    ] {
        assert_eq!(sorted(&organization, element, direction).await, names, "{element} {direction}");
    }
    let page = organization.reader().post("/api/documents", &Value::Null).await.expect(200).json();
    let mut by_folder: Vec<_> = pluck(&page["items"], "folderId")
        .into_iter()
        .zip(pluck(&page["items"], "fileName"))
        .collect();
    by_folder.sort();
    let names: Vec<_> = by_folder.into_iter().map(|(_, name)| name).collect();
    assert_eq!(sorted(&organization, "GLOBAL_TabId", "asc").await, names);
}

#[tokio::test]
async fn numbers_that_differ_in_the_thirtieth_digit_are_told_apart() {
    let organization = organization();
    for (name, area) in [
        ("big", "123456789012345678901234567891"),
        ("less", "123456789012345678901234567890"),
        ("tiny", "0.0000000000000000000000000001"),
        ("minus", "-0.0000000000000000000000000001"),
        ("zero", "0"),
        ("minus big", "-123456789012345678901234567891"),
        ("minus less", "-123456789012345678901234567890"),
    ] {
        organization.document(name, &[("area", area)]).await;
    }
    let ascending = ["minus big", "minus less", "minus", "zero", "tiny", "less", "big"];
    assert_eq!(sorted(&organization, "area", "asc").await, ascending);
    let mut descending = ascending;
    descending.reverse();
    assert_eq!(sorted(&organization, "area", "desc").await, descending);
}

#[tokio::test]
async fn long_texts_that_differ_at_their_end_are_told_apart() {
    let organization = organization();
    // Order keys are kept up to 1,000 bytes, see the decision on value keys: some of these are longer, some are not.
    for (name, length, end) in [
        ("b", 3_999, "b"),
        ("short", 10, "x"),
        ("a", 3_999, "a"),
        ("none", 0, ""),
        ("c", 3_999, "c"),
        ("after", 0, "y"),
        ("b again", 3_999, "B"),
        ("less", 900, "x"),
    ] {
        organization.document(name, &[("number", &format!("{}{end}", "x".repeat(length)))]).await;
    }
    // Case does not count, and of equal values the newer comes first.
    let ascending = ["short", "less", "a", "b again", "b", "c", "after", "none"];
    let descending = ["after", "c", "b again", "b", "a", "less", "short", "none"];
    let in_binder =
        json!([{ "metadataElementId": "GLOBAL_BinderId", "valueId": organization.binder(0) }]);
    for (direction, names) in [("asc", ascending), ("desc", descending)] {
        assert_eq!(sorted(&organization, "number", direction).await, names);
        for filters in [json!([]), in_binder.clone()] {
            let keys = [json!({ "metadataElementId": "number", "direction": direction })];
            let body = json!({ "SortBy": keys, "MetadataFilters": filters });
            let mut paged = Vec::new();
            for page in 1..=4 {
                let path = format!("/api/documents?pageSize=2&pageNumber={page}");
                let answer = organization.reader().post(&path, &body).await.expect(200).json();
                paged.extend(pluck(&answer["items"], "fileName"));
            }
            assert_eq!(paged, names, "{direction} {filters}");
        }
    }
}

#[tokio::test]
async fn ten_sort_keys_are_taken() {
    let organization = filled().await;
    let keys: Vec<_> = ["GLOBAL_TabType", "number", "area", "approved", "locked", "discipline"]
        .into_iter()
        .chain(["GLOBAL_Status", "GLOBAL_Date", "GLOBAL_CreatedBy", "GLOBAL_FileName"])
        .map(|element| json!({ "metadataElementId": element }))
        .collect();
    assert_eq!(keys.len(), 10);
    let answer = organization.reader().post("/api/documents", &json!({ "SortBy": keys })).await;
    let names = pluck(&answer.expect(200).json()["items"], "fileName");
    assert_eq!(names, ["protocol", "drawing", "nested"]);
}
