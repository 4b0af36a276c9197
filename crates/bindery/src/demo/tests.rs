use bindery_store::{Query, StoreSettings, journal, migrate, organizations, params, usage};

use super::*;

/// A server's place of its own.
struct Place {
    store: Store,
    blobs: Blobs,
    _dir: tempfile::TempDir,
}

impl Place {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("bindery.db");
        let store = Store::open(&StoreSettings::Embedded { file }).await.unwrap();
        migrate::migrate(&store).await.unwrap();
        let blobs = Blobs::open(&dir.path().join("storage")).unwrap();
        Self { store, blobs, _dir: dir }
    }

    async fn make(&self, documents: u64) -> Tree {
        make(&self.store, &self.blobs, documents, false).await.unwrap()
    }

    /// The rows of the demonstration but for the random names of secrets.
    async fn contents(&self) -> Vec<String> {
        let mut rows = Vec::new();
        for (table, columns) in [
            ("organization", "*"),
            ("client", "*"),
            ("client_secret", "client, digest"),
            ("binder", "*"),
            ("folder", "*"),
            ("allowed_value", "*"),
            ("document", "*"),
            ("version", "*"),
            ("blob", "*"),
            ("facet", "*"),
            ("facet_count", "*"),
            ("usage", "*"),
            ("server_value", "*"),
            ("journal_head", "seq, at"),
        ] {
            let sql = format!("select {columns} from {table}");
            let from = rows.len();
            for row in self.store.query(sql, params![]).await.unwrap() {
                rows.push(format!("{table} {row:?}"));
            }
            rows[from..].sort();
        }
        rows
    }
}

#[tokio::test]
async fn the_same_number_twice_is_the_same_demonstration() {
    let (one, other) = (Place::new().await, Place::new().await);
    let tree = one.make(300).await;
    let contents = one.contents().await;
    assert_eq!(one.make(300).await, tree);
    assert_eq!(one.contents().await, contents);
    assert_eq!(other.make(300).await, tree);
    assert_eq!(other.contents().await, contents);
    let refused = make(&one.store, &one.blobs, 200, false).await.unwrap_err();
    insta::assert_snapshot!(refused, @"there is a demonstration of 300 documents already: use --documents 300, or another --data-dir");
}

#[tokio::test]
async fn the_tree_is_what_provisioning_prints() {
    let place = Place::new().await;
    let (plan, _) = structure::plan();
    let applied = crate::provision::apply(&place.store, plan, documents::FIRST).await.unwrap();
    assert_eq!(applied.tree, structure::tree());
    let text = serde_json::to_string(&applied.tree).unwrap();
    let again = crate::provision::parse(&text).unwrap();
    let again = crate::provision::apply(&place.store, again, documents::FIRST).await.unwrap();
    assert_eq!(again.changes, Vec::<String>::new());
}

#[tokio::test]
async fn counters_journal_and_bytes_are_right() {
    let place = Place::new().await;
    place.make(120).await;
    let organization =
        organizations::find(&place.store, structure::organization_id()).await.unwrap().unwrap();
    let scope = organization.scope();
    let counted = usage::load(&place.store, &scope).await.unwrap();
    assert_eq!(counted, usage::recount(&place.store, &scope).await.unwrap());
    assert_eq!(counted.documents, 120);
    let verified = journal::verify(&place.store, &scope).await.unwrap();
    assert!(matches!(verified, journal::Verified::Intact(head) if head.seq > 120), "{verified:?}");
    for mut row in place.store.query("select id, size, sha256 from blob", params![]).await.unwrap()
    {
        let (blob, size, sha256): (_, i64, Vec<u8>) =
            (row.take(0).unwrap(), row.take(1).unwrap(), row.take(2).unwrap());
        let key = bindery_blobs::BlobKey { organization: structure::organization_id(), blob };
        let reader = place.blobs.open_read(key).await.unwrap();
        let bytes = reader.read_at(0, usize::try_from(size).unwrap() + 1).await.unwrap();
        assert_eq!(i64::try_from(bytes.len()).unwrap(), size);
        assert_eq!(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &bytes).as_ref(), sha256);
    }
}

#[tokio::test]
async fn a_broken_run_is_taken_up_again() {
    let (broken, whole) = (Place::new().await, Place::new().await);
    whole.make(300).await;
    broken.make(300).await;
    // As a run leaves it that ends while the search tables are filled.
    let mut state = State::find(&broken.store).await.unwrap().unwrap();
    state.is_finished = false;
    broken
        .store
        .write(move |tx| {
            let state = state.clone();
            async move { state.save(&tx).await }
        })
        .await
        .unwrap();
    broken.make(300).await;
    assert_eq!(broken.contents().await, whole.contents().await);
}
