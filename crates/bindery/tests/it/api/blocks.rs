//! Blocks of the Azure dialect: many, side by side, in lists of megabytes.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::support::organization;

fn block_url(upload: &str, id: &str) -> String {
    let id: String = id.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("{upload}&comp=block&blockid={id}")
}

fn list(ids: impl Iterator<Item = String>, element: &str) -> Vec<u8> {
    let items: String = ids.map(|id| format!("<{element}>{id}</{element}>")).collect();
    format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<BlockList>{items}</BlockList>")
        .into_bytes()
}

#[tokio::test]
async fn blocks_come_side_by_side_in_any_order() {
    let organization = organization();
    let (creator, azure) = (organization.creator(), organization.anonymous());
    let upload = organization.presign(&creator).await;
    let id = |n: usize| BASE64_STANDARD.encode(format!("{n:032}"));
    let mut running = tokio::task::JoinSet::new();
    for n in (0..24).rev() {
        let (azure, url) = (azure.clone(), block_url(&upload.url, &id(n)));
        let bytes = vec![u8::try_from(n).unwrap(); 100_000];
        running.spawn(async move { azure.put(&url, bytes).await.expect(201) });
    }
    running.join_all().await;
    let url = format!("{}&comp=blocklist", upload.url);
    let answer = azure.put(&url, list((0..24).map(id), "Uncommitted")).await.expect(201);
    assert!(answer.header("etag").starts_with('"') && !answer.header("last-modified").is_empty());
    let version = organization.commit(&creator, &organization.tab(0), &upload, "a.bin", &[]).await;
    let link = version.expect(200).json()["downloadUrl"].as_str().unwrap().to_owned();
    let bytes = azure.get(&link).await.expect(200).body;
    assert_eq!(bytes.len(), 2_400_000);
    assert!(
        bytes
            .chunks(100_000)
            .enumerate()
            .all(|(n, chunk)| chunk.iter().all(|b| usize::from(*b) == n))
    );
}

#[tokio::test]
async fn a_block_list_may_be_megabytes_and_name_50000_blocks() {
    let organization = organization();
    let (creator, azure) = (organization.creator(), organization.anonymous());
    let upload = organization.presign(&creator).await;
    let id = BASE64_STANDARD.encode([b'x'; 64]);
    azure.put(&block_url(&upload.url, &id), b"z".to_vec()).await.expect(201);
    let url = format!("{}&comp=blocklist", upload.url);
    let many = |n: usize| list(std::iter::repeat_n(id.clone(), n), "Latest");
    azure.put(&url, many(50_001)).await.problem(400);
    assert!(many(50_000).len() > 4 << 20);
    azure.put(&url, many(50_000)).await.expect(201);
    let version = organization.commit(&creator, &organization.tab(0), &upload, "a.bin", &[]).await;
    let link = version.expect(200).json()["downloadUrl"].as_str().unwrap().to_owned();
    let head = azure.send("HEAD", &link, None).await.expect(200);
    assert_eq!(head.header("content-length"), "50000");
}

#[tokio::test]
async fn a_block_with_a_wrong_md5_is_refused_and_can_be_sent_again() {
    let organization = organization();
    let (creator, azure) = (organization.creator(), organization.anonymous());
    let upload = organization.presign(&creator).await;
    let url = block_url(&upload.url, "YQ==");
    let wrong = azure.with_header("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==");
    wrong.put(&url, b"x".to_vec()).await.problem(400);
    azure.with_header("content-md5", "nothing").put(&url, b"x".to_vec()).await.problem(400);
    azure.put(&url, b"x".to_vec()).await.expect(201);
    // Blocks that no list names are no file.
    organization.commit(&creator, &organization.tab(0), &upload, "a.bin", &[]).await.problem(409);
}
