//! Binders, tabs and folders.

use bindery_domain::{BinderId, FolderId};
use bindery_store::folders::Place;
use bindery_store::{StoreError, binders, folders};

use crate::database::TestDatabase;
use crate::world::{World, name};

crate::on_both_engines!(
    list_is_in_swedish_order_however_it_is_cut,
    binder_of_another_organization_is_not_found,
    renamed_binder_is_found_by_its_new_name,
    used_binder_id_is_refused_within_the_organization_only,
    tabs_and_folders_come_in_the_order_of_their_making_until_it_is_changed,
    folder_is_found_in_its_own_binder_only,
    folder_knows_its_parent_and_its_tab,
    tab_type_changes_for_all_beneath,
);

fn binder_id(text: &str) -> BinderId {
    text.parse().unwrap()
}

async fn listed(world: &World, limit: i64) -> Vec<String> {
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let chunk = binders::list(&world.store, &world.scope, after.as_ref(), limit).await.unwrap();
        names.extend(chunk.rows.into_iter().map(|row| format!("{} {}", row.name, row.id)));
        after = chunk.next;
        if after.is_none() {
            return names;
        }
    }
}

async fn tab_names(world: &World, binder: i64, limit: i64) -> Vec<String> {
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let chunk = folders::tabs(&world.store, &world.scope, binder, after, limit).await.unwrap();
        names.extend(chunk.rows.into_iter().map(|row| row.name));
        after = chunk.next;
        if after.is_none() {
            return names;
        }
    }
}

async fn list_is_in_swedish_order_however_it_is_cut(database: TestDatabase) {
    let world = World::on(database).await;
    for (id, label) in [
        ("000000004", "Öster"),
        ("000000002", "zebra"),
        ("000000001", "Zebra"),
        ("000000003", "Ås"),
    ] {
        world.binder(id, label).await;
    }
    let whole = listed(&world, 100).await;
    assert_eq!(whole, ["Zebra 000000001", "zebra 000000002", "Ås 000000003", "Öster 000000004"]);
    for limit in 1..5 {
        assert_eq!(listed(&world, limit).await, whole, "{limit} at a time");
    }
}

async fn binder_of_another_organization_is_not_found(database: TestDatabase) {
    let world = World::on(database).await;
    world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let other = world.other_organization().await;
    let id = binder_id("Kv4rnen_1");
    assert!(binders::find(&world.store, &world.scope, &id).await.unwrap().is_some());
    assert_eq!(binders::find(&world.store, &other, &id).await.unwrap(), None);
    assert!(binders::list(&world.store, &other, None, 9).await.unwrap().rows.is_empty());
    assert_eq!(binders::find_by_name(&world.store, &other, &name("Kvarnen 1")).await.unwrap(), []);
}

async fn renamed_binder_is_found_by_its_new_name(database: TestDatabase) {
    let world = World::on(database).await;
    let key = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    world
        .write(move |tx, scope| async move {
            binders::set_type(&tx, &scope, key, "property").await?;
            binders::rename(&tx, &scope, key, &name("Ångan")).await
        })
        .await
        .unwrap();
    let found = binders::find_by_name(&world.store, &world.scope, &name("ångan")).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].name.as_str(), found[0].binder_type.as_str()), ("Ångan", "property"));
    let old = binders::find_by_name(&world.store, &world.scope, &name("Kvarnen 1")).await.unwrap();
    assert_eq!(old, []);
}

async fn used_binder_id_is_refused_within_the_organization_only(database: TestDatabase) {
    let world = World::on(database).await;
    world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let other = world.other_organization().await;
    let (own, others) = (world.scope, other);
    for (scope, is_refused) in [(own, true), (others, false)] {
        let made = world
            .write(move |tx, _| async move {
                let new = binders::NewBinder {
                    id: binder_id("Kv4rnen_1"),
                    name: name("Igen"),
                    binder_type: "project".to_owned(),
                    created: bindery_domain::Timestamp(5),
                };
                binders::insert(&tx, &scope, &new).await
            })
            .await;
        let refused = matches!(&made, Err(StoreError::Unique(name)) if name == "binder_id_key");
        assert_eq!(refused, is_refused, "{made:?}");
    }
}

async fn tabs_and_folders_come_in_the_order_of_their_making_until_it_is_changed(
    database: TestDatabase,
) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let first = world.tab(binder, "Ö").await;
    world.tab(binder, "B").await;
    let last = world.tab(binder, "A").await;
    for label in ["z", "y", "x"] {
        world.folder(binder, label, first.as_place()).await;
    }
    for limit in 1..4 {
        assert_eq!(tab_names(&world, binder, limit).await, ["Ö", "B", "A"], "{limit} at a time");
    }
    let children = folders::children(&world.store, &world.scope, &first, None, 9).await.unwrap();
    assert_eq!(children.rows.iter().map(|row| &row.name).collect::<Vec<_>>(), ["z", "y", "x"]);
    assert!(children.next.is_none());
    let (key, place) = (last.key, first.position - 1);
    world
        .write(move |tx, scope| async move {
            folders::set_position(&tx, &scope, key, place).await?;
            folders::rename(&tx, &scope, key, &name("C")).await
        })
        .await
        .unwrap();
    assert_eq!(tab_names(&world, binder, 2).await, ["C", "Ö", "B"]);
}

async fn folder_is_found_in_its_own_binder_only(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    world.binder("Kv4rnen_2", "Kvarnen 2").await;
    let tab = world.tab(binder, "Ritningar").await;
    let other = world.other_organization().await;
    let find = async |scope, id: &str, folder| {
        folders::find(&world.store, scope, &binder_id(id), folder).await.unwrap()
    };
    assert_eq!(find(&world.scope, "Kv4rnen_1", tab.id).await, Some(tab.clone()));
    assert_eq!(find(&world.scope, "Kv4rnen_2", tab.id).await, None);
    assert_eq!(find(&other, "Kv4rnen_1", tab.id).await, None);
    assert_eq!(find(&world.scope, "Kv4rnen_1", FolderId::random()).await, None);
}

async fn folder_knows_its_parent_and_its_tab(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.folder(binder, "Ritningar", Place::Tab("drawings".to_owned())).await;
    let middle = world.folder(binder, "Arkitekt", tab.as_place()).await;
    let inner = world.folder(binder, "Planer", middle.as_place()).await;
    assert_eq!((tab.parent_id, tab.tab_key, &*tab.folder_type), (None, tab.key, "drawings"));
    assert_eq!((middle.parent_id, middle.tab_key), (Some(tab.id), tab.key));
    assert_eq!((inner.parent_id, inner.tab_key), (Some(middle.id), tab.key));
    assert_eq!((&*inner.folder_type, &*inner.tab_type), ("folder", "drawings"));
}

async fn tab_type_changes_for_all_beneath(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    let inner = world.folder(binder, "Planer", tab.as_place()).await;
    let (tab_key, inner_key) = (tab.key, inner.key);
    world
        .write(move |tx, scope| async move {
            folders::set_tab_type(&tx, &scope, inner_key, "content").await?;
            folders::set_tab_type(&tx, &scope, tab_key, "drawings").await
        })
        .await
        .unwrap();
    let inner = folders::find_by_key(&world.store, &world.scope, inner_key).await.unwrap().unwrap();
    assert_eq!((&*inner.folder_type, &*inner.tab_type), ("folder", "drawings"));
}
