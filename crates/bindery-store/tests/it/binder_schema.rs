//! Metadata schemas.

use bindery_domain::{BuiltIn, DataType, Schema, Timestamp};
use bindery_store::elements::{self, BinderElement, BinderValue};
use bindery_store::schema::{self, SchemaCache};
use bindery_store::{StoreError, binders};

use crate::database::TestDatabase;
use crate::world::World;

crate::on_both_engines!(
    untouched_binder_has_the_built_in_elements_and_two_statuses,
    configured_binder_shows_what_was_configured,
    retired_value_stays_and_is_marked,
    cached_schema_is_loaded_again_after_a_change,
    element_and_value_ids_mean_one_thing_in_an_organization,
);

async fn load(world: &World, binder: i64) -> Schema {
    schema::load(&world.store, &world.scope, binder).await.unwrap()
}

fn labels(schema: &Schema, id: &str) -> Vec<String> {
    let element = schema.find(id).unwrap();
    element.allowed.iter().map(|value| format!("{}={}", value.id, value.label)).collect()
}

/// Allows a value of an element in a binder, and returns the keys of both.
async fn allow(
    world: &World,
    binder: i64,
    element_id: &'static str,
    (id, label): (&'static str, &'static str),
    position: i64,
) -> (i64, i64) {
    world
        .write(move |tx, scope| async move {
            let element = elements::find(&tx, &scope, element_id).await?.unwrap().key;
            let value = match elements::find_value(&tx, &scope, element, id).await? {
                Some(value) => value,
                None => elements::insert_value(&tx, &scope, element, id).await?,
            };
            let new = BinderValue { element, value, label, position };
            elements::save_allowed(&tx, &scope, binder, &new).await?;
            Ok((element, value))
        })
        .await
        .unwrap()
}

/// Gives a binder an element of its own.
async fn add(
    world: &World,
    binder: i64,
    (id, label): (&'static str, &'static str),
    data_type: DataType,
    position: i64,
) {
    world
        .write(move |tx, scope| async move {
            let element = elements::insert(&tx, &scope, id, data_type).await?;
            let new = BinderElement { element, label, is_required: position == 0, position };
            elements::save_in_binder(&tx, &scope, binder, &new).await
        })
        .await
        .unwrap();
}

async fn untouched_binder_has_the_built_in_elements_and_two_statuses(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let schema = load(&world, binder).await;
    let ids: Vec<_> = schema.elements.iter().map(|element| element.id.as_str()).collect();
    assert_eq!(ids, BuiltIn::ALL.map(BuiltIn::id));
    assert_eq!(labels(&schema, "GLOBAL_Status"), ["active=Active", "archived=Archived"]);
    assert!(labels(&schema, "GLOBAL_Category").is_empty());
    assert!(schema.elements.iter().all(|element| element.key > 0 && !element.required));
}

async fn configured_binder_shows_what_was_configured(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let untouched = world.binder("Kv4rnen_2", "Kvarnen 2").await;
    allow(&world, binder, "GLOBAL_Category", ("legal", "Juridik"), 1).await;
    allow(&world, binder, "GLOBAL_Category", ("finance", "Ekonomi"), 0).await;
    allow(&world, binder, "GLOBAL_Status", ("active", "Gällande"), 0).await;
    add(&world, binder, ("b", "Skala"), DataType::String, 1).await;
    add(&world, binder, ("a", "Nummer"), DataType::Number, 2).await;
    add(&world, binder, ("c", "Disciplin"), DataType::Enum, 0).await;

    let schema = load(&world, binder).await;
    assert_eq!(labels(&schema, "GLOBAL_Category"), ["finance=Ekonomi", "legal=Juridik"]);
    assert_eq!(labels(&schema, "GLOBAL_Status"), ["active=Gällande"]);
    let own: Vec<_> = schema.elements[BuiltIn::ALL.len()..]
        .iter()
        .map(|element| (element.id.as_str(), element.label.as_str(), element.required))
        .collect();
    assert_eq!(own, [("c", "Disciplin", true), ("b", "Skala", false), ("a", "Nummer", false)]);
    assert_eq!(load(&world, untouched).await.elements.len(), BuiltIn::ALL.len());
}

async fn retired_value_stays_and_is_marked(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let keys = allow(&world, binder, "GLOBAL_Category", ("legal", "Juridik"), 0).await;
    for at in [Some(Timestamp(5)), None] {
        world
            .write(move |tx, scope| async move {
                elements::set_retired(&tx, &scope, binder, keys, at).await
            })
            .await
            .unwrap();
        let schema = load(&world, binder).await;
        let category = schema.find("GLOBAL_Category").unwrap();
        assert_eq!(category.allowed_value("legal").unwrap().retired, at.is_some());
    }
}

async fn cached_schema_is_loaded_again_after_a_change(database: TestDatabase) {
    let world = World::on(database).await;
    let key = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let cache = SchemaCache::default();
    let id = "Kv4rnen_1".parse().unwrap();
    let mut seen = Vec::new();
    for (value, label) in [("legal", "Juridik"), ("finance", "Ekonomi")] {
        allow(&world, key, "GLOBAL_Category", (value, label), 0).await;
        let row = binders::find(&world.store, &world.scope, &id).await.unwrap().unwrap();
        let change = row.schema_change;
        let schema = cache.load(&world.store, &world.scope, key, change).await.unwrap();
        let again = cache.load(&world.store, &world.scope, key, change).await.unwrap();
        assert!(std::sync::Arc::ptr_eq(&schema, &again));
        seen.push(labels(&schema, "GLOBAL_Category").len());
    }
    assert_eq!(seen, [1, 2]);
}

async fn element_and_value_ids_mean_one_thing_in_an_organization(database: TestDatabase) {
    let world = World::on(database).await;
    let (first, second) =
        (world.binder("Kv4rnen_1", "Ett").await, world.binder("Kv4rnen_2", "Två").await);
    add(&world, first, ("scale", "Skala"), DataType::String, 0).await;
    let again =
        world
            .write(|tx, scope| async move {
                elements::insert(&tx, &scope, "scale", DataType::Number).await
            })
            .await;
    assert!(
        matches!(&again, Err(StoreError::Unique(name)) if name == "element_id_key"),
        "{again:?}"
    );
    let one = allow(&world, first, "GLOBAL_Category", ("legal", "Juridik"), 0).await;
    let other = allow(&world, second, "GLOBAL_Category", ("legal", "Rätt"), 0).await;
    assert_eq!(one, other);
    let element = elements::find(&world.store, &world.scope, "scale").await.unwrap().unwrap().key;
    let binders = elements::binders_with(&world.store, &world.scope, element).await.unwrap();
    assert_eq!(binders, [first]);
}
