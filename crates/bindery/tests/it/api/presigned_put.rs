//! The second step: PUT of the bytes, plainly and in the Azure Blob dialect.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::support::organization;

#[tokio::test]
async fn a_put_is_201_with_etag_and_last_modified() {
    let organization = organization();
    let upload = organization.presign(&organization.creator()).await;
    let azure = organization
        .anonymous()
        .with_header("x-ms-blob-type", "BlockBlob")
        .with_header("x-ms-version", "2025-01-05");
    let answer =
        azure.with_header("if-none-match", "*").put(&upload.url, b"x".to_vec()).await.expect(201);
    assert!(answer.header("etag").starts_with('"'), "{}", answer.header("etag"));
    assert!(answer.header("last-modified").ends_with("GMT"));
}

#[tokio::test]
async fn a_url_takes_one_put_and_the_second_changes_nothing() {
    let organization = organization();
    let creator = organization.creator();
    let upload = organization.upload(&creator, b"first").await;
    organization.anonymous().put(&upload.url, b"second".to_vec()).await.problem(409);
    let version = organization
        .commit(&creator, &organization.tab(0), &upload, "a.txt", &[])
        .await
        .expect(200)
        .json();
    organization.anonymous().put(&upload.url, b"third".to_vec()).await.problem(409);
    let bytes =
        organization.anonymous().get(version["downloadUrl"].as_str().unwrap()).await.expect(200);
    assert_eq!(bytes.body, b"first");
}

#[tokio::test]
async fn zero_bytes_is_a_file() {
    let organization = organization();
    let creator = organization.creator();
    let upload = organization.upload(&creator, b"").await;
    let version = organization
        .commit(&creator, &organization.tab(0), &upload, "empty.txt", &[])
        .await
        .expect(200)
        .json();
    let bytes =
        organization.anonymous().get(version["downloadUrl"].as_str().unwrap()).await.expect(200);
    assert_eq!((bytes.header("content-length"), bytes.body.len()), ("0", 0));
}

#[tokio::test]
async fn an_altered_url_is_403() {
    let organization = organization();
    let upload = organization.presign(&organization.creator()).await;
    let other = organization.presign(&organization.creator()).await;
    let (path, query) = upload.url.split_once('?').unwrap();
    let (_, other_query) = other.url.split_once('?').unwrap();
    let longer = query.replace("se=2", "se=3");
    assert_ne!(longer, query);
    for altered in [path.to_owned(), format!("{path}?{other_query}"), format!("{path}?{longer}")] {
        organization.anonymous().put(&altered, b"x".to_vec()).await.problem(403);
    }
    organization.anonymous().put(&upload.url, b"x".to_vec()).await.expect(201);
}

#[tokio::test]
async fn a_framed_body_is_400_rather_than_stored_as_the_file() {
    let organization = organization();
    let upload = organization.presign(&organization.creator()).await;
    let framed = organization
        .anonymous()
        .with_header("x-ms-structured-body", "XSM/1.0; properties=crc64")
        .with_header("x-ms-structured-content-length", "1");
    let fields = framed.put(&upload.url, b"x".to_vec()).await.error_fields();
    assert_eq!(fields, ["x-ms-structured-body"]);
    organization.anonymous().put(&upload.url, b"x".to_vec()).await.expect(201);
}

#[tokio::test]
async fn a_wrong_content_md5_is_400_and_the_url_stays_usable() {
    let organization = organization();
    let upload = organization.presign(&organization.creator()).await;
    let wrong = organization.anonymous().with_header("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==");
    wrong.put(&upload.url, b"x".to_vec()).await.problem(400);
    let right = organization.anonymous().with_header("content-md5", "ndTkYSaMgDT1yFZOFVxnpg==");
    right.put(&upload.url, b"x".to_vec()).await.expect(201);
}

#[tokio::test]
async fn blocks_are_assembled_in_the_order_of_the_list() {
    let organization = organization();
    let (creator, azure) = (organization.creator(), organization.anonymous());
    let upload = organization.presign(&creator).await;
    let id = |name: &str| BASE64.encode(name);
    for (name, bytes) in [("b", "world"), ("a", "hello "), ("c", "never listed"), ("a", "HELLO ")] {
        let url = format!(
            "{}&comp=block&blockid={}",
            upload.url,
            id(name).replace('=', "%3D").replace('+', "%2B")
        );
        azure.put(&url, bytes.as_bytes().to_vec()).await.expect(201);
    }
    let list = |ids: &[&str]| {
        let items: String =
            ids.iter().map(|name| format!("<Latest>{}</Latest>", id(name))).collect();
        format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>{items}</BlockList>")
            .into_bytes()
    };
    let url = format!("{}&comp=blocklist", upload.url);
    azure.put(&url, list(&["a", "missing"])).await.problem(400);
    azure.put(&url, b"<BlockList><Latest>".to_vec()).await.problem(400);
    azure.put(&url, list(&["a", "b"])).await.expect(201);
    azure.put(&url, list(&["b", "a"])).await.problem(409);
    let version = organization
        .commit(&creator, &organization.tab(0), &upload, "hello.txt", &[])
        .await
        .expect(200)
        .json();
    let bytes =
        organization.anonymous().get(version["downloadUrl"].as_str().unwrap()).await.expect(200);
    assert_eq!(bytes.body, b"HELLO world");
}

#[tokio::test]
async fn a_block_id_is_base64_of_at_most_64_bytes() {
    let organization = organization();
    let upload = organization.presign(&organization.creator()).await;
    for id in ["", "%21%21", &BASE64.encode([7; 65]).replace('=', "%3D").replace('+', "%2B")] {
        let url = format!("{}&comp=block&blockid={id}", upload.url);
        organization.anonymous().put(&url, b"x".to_vec()).await.problem(400);
    }
    let url =
        format!("{}&comp=block&blockid={}", upload.url, BASE64.encode([7; 63]).replace('=', "%3D"));
    organization.anonymous().put(&url, b"x".to_vec()).await.expect(201);
}
