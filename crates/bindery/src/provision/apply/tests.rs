use bindery_store::{Query, Store, StoreSettings, migrate, params};
use serde_json::Value as Json;

use super::super::{ProvisionError, parse};
use super::*;

/// A database of its own.
struct Place {
    store: Store,
    _dir: tempfile::TempDir,
}

impl Place {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("bindery.db");
        let store = Store::open(&StoreSettings::Embedded { file }).await.unwrap();
        migrate::migrate(&store).await.unwrap();
        Self { store, _dir: dir }
    }

    async fn run(&self, text: &str) -> Applied {
        apply(&self.store, parse(text).unwrap(), Timestamp(1_000_000)).await.unwrap()
    }

    async fn refused(&self, text: &str) -> String {
        match apply(&self.store, parse(text).unwrap(), Timestamp(1_000_000)).await {
            Err(ProvisionError::Refused(mistakes)) => {
                mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
            }
            other => panic!("not refused: {other:?}"),
        }
    }

    /// Every row that provisioning can write, as text.
    async fn contents(&self) -> Vec<String> {
        let mut rows = Vec::new();
        for table in [
            "organization",
            "client",
            "client_secret",
            "binder",
            "folder",
            "element",
            "binder_element",
            "value",
            "allowed_value",
            "journal",
            "journal_head",
            "server_value",
            "change_number",
            "usage",
        ] {
            for row in self
                .store
                .query(format!("select * from {table} order by 1, 2"), params![])
                .await
                .unwrap()
            {
                rows.push(format!("{table} {row:?}"));
            }
        }
        rows
    }
}

const FILE: &str = "\
organizations:
  - id: 6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e
    name: Fastighets AB Exempel
    clients:
      - id: erp-sync
        name: ERP integration
        role: creator
        secret: only-for-tests-and-demos
      - name: Läsare
        role: reader
    binders:
      - id: Kv4rnen_1
        name: Kvarnen 1
        type: property
        metadata:
          - id: GLOBAL_Category
            allowedValues: [{ id: legal, label: Legal }, { label: Finance }]
          - label: Discipline
            dataType: enum
            required: true
            allowedValues: [{ label: Architect }, { label: Structure }]
          - { id: note, label: Note, dataType: text }
        tabs:
          - name: Drawings
            type: drawings
            folders: [{ name: Architect, folders: [{ name: Plans }] }]
          - name: Protocols
      - name: Ängen 2
        metadata: [{ id: note, label: Anmärkning, dataType: text }]
";

#[tokio::test]
async fn running_twice_changes_nothing() {
    let place = Place::new().await;
    let first = place.run(FILE).await;
    let contents = place.contents().await;
    let second = place.run(FILE).await;
    assert_eq!(second.changes, Vec::<String>::new());
    assert_eq!(place.contents().await, contents);
    let ids = |tree: &Tree| {
        let mut json = serde_json::to_value(tree).unwrap();
        for client in json["organizations"][0]["clients"].as_array_mut().unwrap() {
            client.as_object_mut().unwrap().remove("secret");
        }
        json
    };
    assert_eq!(ids(&first.tree), ids(&second.tree));
}

#[tokio::test]
async fn the_tree_has_every_id_and_secrets_once() {
    let place = Place::new().await;
    let tree = |applied: &Applied| serde_json::to_value(&applied.tree).unwrap();
    let first = tree(&place.run(FILE).await);
    insta::assert_json_snapshot!(first, {
        ".organizations[].clients[1].id" => "[id]",
        ".organizations[].clients[1].secret" => "[secret]",
        ".organizations[].binders[1].id" => "[id]",
        ".organizations[].binders[].metadata[0].allowedValues[1].id" => "[id]",
        ".organizations[].binders[].metadata[1].id" => "[id]",
        ".organizations[].binders[].metadata[1].allowedValues[].id" => "[id]",
        ".organizations[].binders[].tabs[].id" => "[id]",
        ".organizations[].binders[].tabs[].folders[].id" => "[id]",
        ".organizations[].binders[].tabs[].folders[].folders[].id" => "[id]",
    });
    let secret = first["organizations"][0]["clients"][1]["secret"].as_str().unwrap();
    assert_eq!(secret.len(), 43);
    // What is printed is a provisioning file itself, and changes nothing.
    let contents = place.contents().await;
    let again = place.run(&first.to_string()).await;
    assert_eq!(again.changes, Vec::<String>::new());
    assert_eq!(place.contents().await, contents);
    assert_eq!(tree(&again)["organizations"][0]["clients"][0].get("secret"), None::<&Json>);
}

#[tokio::test]
async fn names_find_what_exists_in_any_case() {
    let place = Place::new().await;
    let first = place.run(FILE).await;
    let again = place
        .run("organizations: [{ name: FASTIGHETS ab exempel, binders: [{ name: a\u{308}ngen 2, tabs: [{ name: Ny }] }] }]")
        .await;
    assert_eq!(again.tree.organizations[0].id, first.tree.organizations[0].id);
    let binder = |applied: &Applied, index: usize| {
        applied.tree.organizations[0].binders.as_ref().unwrap()[index].id.clone()
    };
    assert_eq!(binder(&again, 0), binder(&first, 1));
}

#[tokio::test]
async fn what_the_file_leaves_out_is_left_alone() {
    let place = Place::new().await;
    place.run(FILE).await;
    let before = place.contents().await;
    place
        .run("organizations: [{ name: Fastighets AB Exempel, binders: [{ id: Kv4rnen_1 }] }]")
        .await;
    assert_eq!(place.contents().await, before);
}

#[tokio::test]
async fn a_new_label_keeps_the_id() {
    let place = Place::new().await;
    place.run(FILE).await;
    let file = "organizations: [{ name: Fastighets AB Exempel, binders: [{ id: Kv4rnen_1, metadata: [\
        { id: GLOBAL_Category, allowedValues: [{ id: legal, label: Juridik }, { label: Finance, retired: true }] },\
        { id: note, label: Kommentar }] }] }]";
    let applied = place.run(file).await;
    assert_eq!(
        applied.changes,
        ["element.update GLOBAL_Category (Category)", "element.update note (Kommentar)"]
    );
    let organization = organizations::list(&place.store).await.unwrap().remove(0);
    let binder = bindery_store::binders::find(
        &place.store,
        &organization.scope(),
        &"Kv4rnen_1".parse().unwrap(),
    )
    .await
    .unwrap()
    .unwrap();
    let schema =
        bindery_store::schema::load(&place.store, &organization.scope(), binder.key).await.unwrap();
    let category = schema.find("GLOBAL_Category").unwrap();
    let values: Vec<_> =
        category.allowed.iter().map(|value| (value.label.as_str(), value.retired)).collect();
    assert_eq!(values, [("Juridik", false), ("Finance", true)]);
    assert_eq!(category.allowed[0].id.as_str(), "legal");
    assert_eq!(schema.find("note").unwrap().label, "Kommentar");
}

#[tokio::test]
async fn statuses_of_its_own_replace_the_built_in_ones() {
    let place = Place::new().await;
    let file = "organizations: [{ name: A, binders: [{ id: Kv4rnen_1, name: B, metadata: [\
        { id: GLOBAL_Status, allowedValues: [{ id: bygg, label: Bygghandling }, { label: Archived }] }] }] }]";
    place.run(file).await;
    let organization = organizations::list(&place.store).await.unwrap().remove(0);
    let binder = bindery_store::binders::find(
        &place.store,
        &organization.scope(),
        &"Kv4rnen_1".parse().unwrap(),
    )
    .await
    .unwrap()
    .unwrap();
    let schema =
        bindery_store::schema::load(&place.store, &organization.scope(), binder.key).await.unwrap();
    let ids: Vec<_> = schema
        .find("GLOBAL_Status")
        .unwrap()
        .allowed
        .iter()
        .map(|value| value.id.as_str())
        .collect();
    assert_eq!(ids, ["bygg", "archived"]);
    let contents = place.contents().await;
    place.run(file).await;
    assert_eq!(place.contents().await, contents);
}

#[tokio::test]
async fn a_mistake_anywhere_changes_nothing() {
    let place = Place::new().await;
    place.run(FILE).await;
    let before = place.contents().await;
    let file = "\
organizations:
  - name: Fastighets AB Exempel
    clients:
      - { id: new-one, role: admin }
    binders:
      - id: Kv4rnen_1
        metadata:
          - { id: note, dataType: string }
      - name: New binder
        metadata:
          - { id: size, label: Size, dataType: enum, allowedValues: [{ id: a4 }] }
          - { label: No type }
      - id: abcdefghi
  - name: Another
    clients:
      - { id: erp-sync, role: reader }
";
    insta::assert_snapshot!(place.refused(file).await);
    assert_eq!(place.contents().await, before);
}

#[tokio::test]
async fn two_of_a_name_need_the_id() {
    let place = Place::new().await;
    place
        .run("organizations: [{ name: A, binders: [{ id: aaaaaaaaa, name: Same }, { id: bbbbbbbbb, name: same }] }]")
        .await;
    let refused = place.refused("organizations: [{ name: A, binders: [\n{ name: SAME }] }]").await;
    insta::assert_snapshot!(refused, @r#"2: 2 binders are named "SAME": give the id of the one meant"#);
}

#[tokio::test]
async fn a_replaced_secret_does_not_come_back() {
    let place = Place::new().await;
    place.run(FILE).await;
    let before = place.contents().await;
    let applied = place.run(&FILE.replace("only-for-tests-and-demos", "another")).await;
    insta::assert_snapshot!(applied.warnings[0], @"client erp-sync exists with another secret; the file's is not used (see: bindery client rotate-secret)");
    assert_eq!(place.contents().await, before);
}

#[tokio::test]
async fn a_folder_of_another_place_is_refused() {
    let place = Place::new().await;
    let file = |folder: &str| {
        format!(
            "organizations: [{{ name: A, binders: [{{ name: B, tabs: [{{ name: T, folders: [{folder}] }}, {{ name: U }}] }}] }}]"
        )
    };
    let id = "6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e";
    place.run(&file(&format!("{{ id: {id}, name: F }}"))).await;
    let moved = format!(
        "organizations: [{{ name: A, binders: [{{ name: B, tabs: [{{ name: U, folders: [{{ id: {id} }}] }}] }}] }}]"
    );
    insta::assert_snapshot!(place.refused(&moved).await, @"1: folder 6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e exists in another place");
}
