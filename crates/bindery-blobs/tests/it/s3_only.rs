use std::time::Duration;

use bindery_blobs::{BlobError, Overrides};
use bindery_testkit::{Proxy, Trouble};
use futures_util::TryStreamExt;

use crate::blocks::{id, put, upload};
use crate::storage::{LARGEST_COPY, Storage};
use crate::{key, load, pattern, sha256, store};

const MINUTE: Duration = Duration::from_secs(60);

pub(crate) async fn it_is_found_out_what_a_storage_can_do(storage: &Storage) {
    let s3 = storage.blobs.s3().unwrap();
    let found = s3.abilities().await.unwrap();
    assert_eq!(s3.abilities().await.unwrap(), found);
    // What it says of SHA-256 is what a plain client sees.
    let settings = storage.settings.as_ref().unwrap();
    let wrong = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let key = format!("{}aside/plain", settings.prefix);
    let object = || storage.client().put_object().bucket(&settings.bucket).key(&key);
    let is_checked =
        object().checksum_sha256(wrong).body(b"x".to_vec().into()).send().await.is_err();
    assert_eq!(found.sha256, is_checked);
    object().body(b"x".to_vec().into()).send().await.unwrap();
    let again = object().if_none_match("*").body(b"y".to_vec().into()).send().await;
    assert_eq!(found.conditional_put, again.is_err());
    storage.until_empty().await;
}

pub(crate) async fn a_signed_url_reads_with_the_headers_that_were_asked_for(storage: &Storage) {
    let (key, bytes) = (key(), pattern(1_000));
    store(&storage.blobs, key, &bytes).await.unwrap();
    let overrides = Overrides {
        disposition: "attachment; filename=\"a b.pdf\"; filename*=UTF-8''%C3%A5%20b.pdf",
        content_type: "application/pdf",
        cache_control: "private, no-transform",
    };
    let url = storage.blobs.s3().unwrap().presign_get(key, overrides, MINUTE).await.unwrap();
    let answer = reqwest::get(&url).await.unwrap();
    assert_eq!(answer.status(), 200);
    for (name, value) in [
        ("content-disposition", overrides.disposition),
        ("content-type", overrides.content_type),
        ("cache-control", overrides.cache_control),
        ("content-length", "1000"),
    ] {
        assert_eq!(answer.headers()[name], value, "{name}");
    }
    assert!(answer.headers()["etag"].to_str().unwrap().starts_with('"'));
    assert!(answer.bytes().await.unwrap() == bytes);
    let part = reqwest::Client::new().get(&url).header("range", "bytes=10-19").send().await;
    let part = part.unwrap();
    assert_eq!((part.status().as_u16(), &part.bytes().await.unwrap()[..]), (206, &bytes[10..20]));
    // Its secret is of no use for anything else.
    assert_eq!(reqwest::get(url.replace("pdf", "html")).await.unwrap().status(), 403);
    let put = reqwest::Client::new().put(&url).body("other").send().await.unwrap();
    assert_eq!(put.status(), 403);
    assert!(load(&storage.blobs, key).await == bytes);
}

pub(crate) async fn what_a_caller_put_is_copied_to_where_no_url_leads(storage: &Storage) {
    let (upload, blob, bytes) = (upload(), key(), pattern(100_000));
    let s3 = storage.blobs.s3().unwrap();
    let can_sha256 = s3.abilities().await.unwrap().sha256;
    let url = s3.presign_put(upload, MINUTE).await.unwrap();
    let put = async |bytes: Vec<u8>| {
        let (client, digest) = (reqwest::Client::new(), base64(&sha256(&bytes)));
        let with_digest = client.put(&url).header("x-amz-checksum-sha256", digest);
        let status = with_digest.body(bytes.clone()).send().await.unwrap().status().as_u16();
        if ![400, 403].contains(&status) {
            return status;
        }
        // Some take no header of theirs that is not signed. The copy has its digest all the same, where they know one.
        client.put(&url).body(bytes).send().await.unwrap().status().as_u16()
    };
    assert_eq!(s3.take(upload, 1 << 30, blob).await.unwrap(), None);
    assert_eq!(put(b"the last writer wins".to_vec()).await, 200);
    assert_eq!(put(bytes.clone()).await, 200);
    let taken = s3.take(upload, 100_000, blob).await.unwrap().unwrap();
    assert_eq!(taken.size, 100_000);
    assert_eq!(taken.sha256, can_sha256.then(|| sha256(&bytes)));
    assert_eq!(put(b"too late".to_vec()).await, 200);
    assert!(load(&storage.blobs, blob).await == bytes);
    storage.blobs.remove_blocks(upload).await.unwrap();
    storage.blobs.remove(blob).await.unwrap();
    storage.until_empty().await;
}

pub(crate) async fn what_a_caller_put_beyond_the_limit_is_refused(storage: &Storage) {
    let (upload, blob) = (upload(), key());
    let s3 = storage.blobs.s3().unwrap();
    let url = s3.presign_put(upload, MINUTE).await.unwrap();
    reqwest::Client::new().put(&url).body("12345").send().await.unwrap();
    let answer = s3.take(upload, 4, blob).await;
    assert!(matches!(answer, Err(BlobError::TooLarge { limit: 4 })));
    assert!(storage.blobs.open_read(blob).await.is_err());
}

pub(crate) async fn a_large_object_is_copied_by_parts(storage: &Storage) {
    let (upload, blob) = (upload(), key());
    let bytes = pattern(usize::try_from(2 * LARGEST_COPY).unwrap() + 4_711);
    let s3 = storage.blobs.s3().unwrap();
    let url = s3.presign_put(upload, MINUTE).await.unwrap();
    let put = reqwest::Client::new().put(&url).body(bytes.clone()).send().await.unwrap();
    assert_eq!(put.status(), 200);
    let taken = s3.take(upload, 1 << 30, blob).await.unwrap().unwrap();
    assert_eq!(taken.size, bytes.len() as u64);
    assert!(load(&storage.blobs, blob).await == bytes);
}

pub(crate) async fn servers_share_the_blocks_of_an_upload(storage: &Storage) {
    let (upload, blob, bytes) = (upload(), key(), pattern(300_000));
    let others = [storage.by(storage.endpoint()).await, storage.by(storage.endpoint()).await];
    let ids = [id("a"), id("b"), id("c")];
    let servers = [&storage.blobs, &others[0], &others[1]];
    for (n, part) in bytes.chunks(100_000).enumerate() {
        put(servers[n], upload, ids[n].clone(), part, 300_000).await.unwrap();
    }
    // One that comes new to the upload knows what the others took.
    let newcomer = storage.by(storage.endpoint()).await;
    let more = put(&newcomer, upload, id("d"), b"!", 300_000).await;
    assert!(matches!(more, Err(BlobError::TooLarge { .. })));
    let stored = others[1].assemble(upload, &ids, 300_000, blob).await.unwrap();
    assert_eq!(stored.sha256, sha256(&bytes));
    others[0].remove_blocks(upload).await.unwrap();
    assert!(load(&storage.blobs, blob).await == bytes);
    assert_eq!(storage.blobs.list().all().await.unwrap().len(), 1);
}

pub(crate) async fn a_read_is_taken_up_again_where_it_broke_off(storage: &Storage) {
    let (key, bytes) = (key(), pattern(5_000_000));
    store(&storage.blobs, key, &bytes).await.unwrap();
    let proxy = Proxy::start(storage.endpoint());
    let far = storage.by(&proxy.endpoint()).await;
    let reader = far.open_read(key).await.unwrap();
    proxy.make(Trouble::Cuts { after_bytes: 1_500_000, connections: 2 });
    let pieces: Vec<_> = reader.clone().stream(0..5_000_000).try_collect().await.unwrap();
    assert!(pieces.concat() == bytes);
    // One that breaks over and over ends with an error, and not with fewer bytes.
    proxy.make(Trouble::Cuts { after_bytes: 200_000, connections: 1_000 });
    let answer = reader.stream(0..5_000_000).try_collect::<Vec<_>>().await;
    assert!(matches!(answer, Err(BlobError::Unavailable { .. })), "{answer:?}");
}

pub(crate) async fn a_write_survives_broken_connections(storage: &Storage) {
    let (key, bytes) = (key(), pattern(20_000_000));
    let proxy = Proxy::start(storage.endpoint());
    let far = storage.by(&proxy.endpoint()).await;
    proxy.make(Trouble::Cuts { after_bytes: 3_000_000, connections: 2 });
    let stored = store(&far, key, &bytes).await.unwrap();
    assert_eq!(stored.sha256, sha256(&bytes));
    assert!(load(&storage.blobs, key).await == bytes);
}

pub(crate) async fn a_storage_that_is_gone_is_unavailable(storage: &Storage) {
    let proxy = Proxy::start(storage.endpoint());
    let far = storage.by(&proxy.endpoint()).await;
    far.probe().await.unwrap();
    proxy.make(Trouble::Refuses);
    let unavailable = |error: BlobError| matches!(error, BlobError::Unavailable { .. });
    assert!(unavailable(far.probe().await.unwrap_err()));
    assert!(unavailable(store(&far, key(), b"bytes").await.unwrap_err()));
    assert!(unavailable(far.open_read(key()).await.unwrap_err()));
    assert!(unavailable(far.list().all().await.unwrap_err()));
    // It is back without anybody starting anew.
    proxy.make(Trouble::None);
    let key = key();
    store(&far, key, b"bytes").await.unwrap();
    assert_eq!(load(&far, key).await, b"bytes");
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_STANDARD.encode(bytes)
}
