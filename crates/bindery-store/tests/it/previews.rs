//! Previews, their pictures and texts.

use bindery_domain::{BlobId, Timestamp};
use bindery_store::derived::{self, DerivedRow};
use bindery_store::previews::{self, PartRow, PreviewRow, PreviewState};
use bindery_store::{blobs, page_text, versions};

use crate::database::TestDatabase;
use crate::world::{Committed, World};

crate::on_both_engines!(
    a_version_says_when_its_bytes_have_a_small_picture,
    pictures_are_named_like_blobs_until_they_are_forgotten,
    a_picture_with_the_same_bytes_keeps_its_id,
    a_reset_leaves_what_is_ready,
    a_walk_shows_every_blob_with_its_state,
    all_that_belongs_to_a_blob_is_forgotten_with_it,
);

async fn world(database: TestDatabase) -> (World, Committed) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    let made = world.commit(&tab, "a.pdf", 7).await;
    (world, made)
}

fn preview(state: PreviewState) -> PreviewRow {
    PreviewRow {
        state,
        reason: (state != PreviewState::Ready).then(|| "why".to_owned()),
        kind: "pdf".to_owned(),
        page_count: 2,
        pages: "[[595.3,841.9],[10,20]]".to_owned(),
        is_text_complete: true,
        renderer: 3,
        has_thumbnail: state == PreviewState::Ready,
        updated: Timestamp(9),
    }
}

fn picture(blob_key: i64, place: &str, byte: u8, renderer: i64) -> DerivedRow {
    DerivedRow {
        blob_key,
        place: place.to_owned(),
        id: BlobId::random(),
        media_type: "image/png".to_owned(),
        width: 512,
        height: 362,
        size: 100,
        sha256: [byte; 32],
        renderer,
        created: Timestamp(9),
    }
}

async fn save(world: &World, blob_key: i64, row: PreviewRow) {
    let write = move |tx, scope| {
        let row = row.clone();
        async move { previews::save(&tx, &scope, blob_key, &row).await }
    };
    world.write(write).await.unwrap();
}

async fn save_picture(world: &World, row: &DerivedRow) -> Option<BlobId> {
    let row = row.clone();
    let write = move |tx, scope| {
        let row = row.clone();
        async move { derived::save(&tx, &scope, &row).await }
    };
    world.write(write).await.unwrap()
}

async fn thumbnail(world: &World, made: Committed) -> Option<i64> {
    let version = versions::find(&world.store, &world.scope, made.document, made.version);
    version.await.unwrap().unwrap().thumbnail
}

async fn a_version_says_when_its_bytes_have_a_small_picture(database: TestDatabase) {
    let (world, made) = world(database).await;
    assert_eq!(thumbnail(&world, made).await, None);
    save(&world, made.blob_key, preview(PreviewState::Failed)).await;
    assert_eq!(thumbnail(&world, made).await, None);
    save(&world, made.blob_key, preview(PreviewState::Ready)).await;
    assert_eq!(thumbnail(&world, made).await, Some(3));
    let found = previews::find(&world.store, &world.scope, made.blob_key).await.unwrap();
    assert_eq!(found, Some(preview(PreviewState::Ready)));
    let other = world.other_organization().await;
    assert_eq!(previews::find(&world.store, &other, made.blob_key).await.unwrap(), None);
}

async fn pictures_are_named_like_blobs_until_they_are_forgotten(database: TestDatabase) {
    let (world, made) = world(database).await;
    let row = picture(made.blob_key, "thumbnail", 1, 3);
    let named = async |id| blobs::is_named(&world.store, &world.scope, id).await.unwrap();
    assert!(!named(row.id).await);
    save_picture(&world, &row).await;
    assert!(named(row.id).await);
    let gone = row.clone();
    let remove = move |tx, scope| {
        let gone = gone.clone();
        async move { derived::remove(&tx, &scope, &gone).await }
    };
    assert!(world.write(remove).await.unwrap());
    assert!(!named(row.id).await);
}

async fn a_picture_with_the_same_bytes_keeps_its_id(database: TestDatabase) {
    let (world, made) = world(database).await;
    let first = picture(made.blob_key, "page/1", 1, 3);
    assert_eq!(save_picture(&world, &first).await, None);
    let same = picture(made.blob_key, "page/1", 1, 4);
    assert_eq!(save_picture(&world, &same).await, Some(same.id));
    let kept = derived::find(&world.store, &world.scope, made.blob_key, "page/1").await.unwrap();
    assert_eq!(kept, Some(DerivedRow { id: first.id, ..same }));
    let other = picture(made.blob_key, "page/1", 2, 4);
    assert_eq!(save_picture(&world, &other).await, Some(first.id));
    let total = derived::total(&world.store, &world.scope).await.unwrap();
    assert_eq!((total.count, total.bytes), (1, 100));
    let older = picture(made.blob_key, "page/2", 1, 3);
    save_picture(&world, &older).await;
    let key = made.blob_key;
    let write = move |tx, scope| async move { derived::remove_older(&tx, &scope, key, 4).await };
    assert_eq!(world.write(write).await.unwrap(), [older.id]);
}

async fn a_reset_leaves_what_is_ready(database: TestDatabase) {
    let (world, made) = world(database).await;
    let key = made.blob_key;
    let part = async |name| {
        previews::find_part(&world.store, &world.scope, key, name).await.unwrap().is_some()
    };
    let reset = move |tx, scope| async move {
        let ready = PartRow { reason: None, tiles: None, renderer: 3 };
        let failed = PartRow { reason: Some("why".to_owned()), ..ready.clone() };
        previews::save_part(&tx, &scope, (key, "page/1"), &ready, Timestamp(9)).await?;
        previews::save_part(&tx, &scope, (key, "page/2"), &failed, Timestamp(9)).await?;
        previews::reset(&tx, &scope, key).await
    };
    save(&world, key, preview(PreviewState::Failed)).await;
    world.write(reset).await.unwrap();
    assert_eq!((part("page/1").await, part("page/2").await), (true, false));
    let state =
        async || previews::find(&world.store, &world.scope, key).await.unwrap().unwrap().state;
    assert_eq!(state().await, PreviewState::Pending);
    save(&world, key, preview(PreviewState::Ready)).await;
    world.write(reset).await.unwrap();
    assert_eq!(state().await, PreviewState::Ready);
}

async fn a_walk_shows_every_blob_with_its_state(database: TestDatabase) {
    let (world, made) = world(database).await;
    let binder = world.binder("Kv4rnen_2", "Kvarnen 2").await;
    let tab = world.tab(binder, "Ritningar").await;
    let second = world.commit(&tab, "b.pdf", 8).await;
    save(&world, made.blob_key, preview(PreviewState::Encrypted)).await;
    let (mut walked, mut after) = (Vec::new(), None);
    loop {
        let chunk = previews::walk(&world.store, &world.scope, after, 1).await.unwrap();
        walked.extend(chunk.rows.into_iter().map(|row| (row.blob_key, row.preview)));
        after = chunk.next;
        if after.is_none() {
            break;
        }
    }
    walked.sort();
    let expected = [(made.blob_key, Some((PreviewState::Encrypted, 3))), (second.blob_key, None)];
    assert_eq!(walked, expected);
    let counts = previews::counts(&world.store, &world.scope).await.unwrap();
    assert_eq!(counts, [(PreviewState::Pending, 1), (PreviewState::Encrypted, 1)]);
    let source = previews::source(&world.store, &world.scope, made.blob_key).await.unwrap();
    let source = source.unwrap();
    assert_eq!((source.file_name.as_deref(), source.is_live), (Some("a.pdf"), true));
}

async fn all_that_belongs_to_a_blob_is_forgotten_with_it(database: TestDatabase) {
    let (world, made) = world(database).await;
    let key = made.blob_key;
    save(&world, key, preview(PreviewState::Ready)).await;
    let row = picture(key, "thumbnail", 1, 3);
    save_picture(&world, &row).await;
    let text = move |tx, scope| async move {
        page_text::replace(&tx, &scope, key, &[(1, vec![1, 2]), (2, vec![3])]).await?;
        page_text::replace(&tx, &scope, key, &[(2, vec![4])]).await
    };
    world.write(text).await.unwrap();
    let text = async |page| page_text::find(&world.store, &world.scope, key, page).await.unwrap();
    assert_eq!((text(1).await, text(2).await), (None, Some(vec![4])));
    let forget = move |tx, scope| async move {
        previews::forget(&tx, &scope, key).await?;
        derived::remove_of_blob(&tx, &scope, key).await
    };
    assert_eq!(world.write(forget).await.unwrap(), [row.id]);
    assert_eq!(text(2).await, None);
    assert_eq!(previews::find(&world.store, &world.scope, key).await.unwrap(), None);
    assert_eq!(derived::total(&world.store, &world.scope).await.unwrap().count, 0);
}
