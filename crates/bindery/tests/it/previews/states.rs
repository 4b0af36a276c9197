//! Where a preview can stand.

use serde_json::Value;

use super::{commit, commit_as, organization, path, settled};

#[tokio::test]
async fn each_file_ends_in_the_state_that_is_its_own() {
    let organization = organization();
    let reader = organization.reader();
    for (name, state) in [
        ("A-40.1-1100_bet-A.pdf", "ready"),
        ("alpha.webp", "ready"),
        ("damaged-xref-repairable.pdf", "ready"),
        ("password-ascii.pdf", "encrypted"),
        ("password-nordic.pdf", "encrypted"),
        ("damaged-hopeless.pdf", "failed"),
    ] {
        let version = commit(&organization, name).await;
        let preview = settled(&reader, &version).await;
        assert_eq!(preview["state"], state, "{name}: {preview}");
        let is_ready = state == "ready";
        assert_eq!(preview["reason"].is_null(), is_ready, "{name}: {preview}");
        assert_eq!(preview["pages"].as_array().unwrap().is_empty(), !is_ready, "{name}");
        let version = reader.get(&path(&version)).await.expect(200).json();
        assert_eq!(version["thumbnailUrl"].is_null(), !is_ready, "{name}");
    }
}

#[tokio::test]
async fn what_nobody_can_draw_is_unsupported_and_stays_downloadable() {
    let organization = organization();
    let bytes: Vec<u8> = (0..5_000_u32).map(|n| (n * n % 251) as u8 | 0x80).collect();
    let version = commit_as(&organization, "modell.xyz", &bytes).await;
    let preview = settled(&organization.reader(), &version).await;
    assert_eq!(preview["state"], "unsupported");
    assert!(!preview["reason"].as_str().unwrap().is_empty());
    let download = version["downloadUrl"].as_str().unwrap();
    assert_eq!(organization.anonymous().get(download).await.expect(200).body, bytes);
}

#[tokio::test]
async fn an_empty_file_has_no_preview_and_no_failure() {
    let organization = organization();
    let version = commit_as(&organization, "tom.pdf", b"").await;
    let preview = settled(&organization.reader(), &version).await;
    assert!(preview["state"] == "unsupported" || preview["state"] == "failed", "{preview}");
    assert_ne!(preview["reason"], Value::Null);
}
