//! Clients and their secrets.

use bindery_domain::{ClientId, Role, Timestamp};
use bindery_store::clients::{self, NewClient, SecretRow};
use bindery_store::{StoreError, credentials, server_values};

use crate::database::TestDatabase;
use crate::world::{World, name};

crate::on_both_engines!(
    third_secret_ends_the_oldest,
    ended_secret_proves_nobody,
    removed_client_is_gone_and_its_id_stays_used,
    another_organization_cannot_change_a_client,
    is_found_by_name_in_any_case,
    every_change_is_a_change_of_identity,
);

fn erp() -> ClientId {
    "erp".parse().unwrap()
}

fn secret(label: &str, created: i64) -> SecretRow {
    SecretRow { name: label.to_owned(), digest: [7; 32], created: Timestamp(created) }
}

async fn with_client(database: TestDatabase) -> World {
    let world = World::on(database).await;
    world
        .write(|tx, scope| async move {
            let (id, name) = (erp(), name("Ärendesystem"));
            let new = NewClient { id, name, role: Role::Creator, created: Timestamp(1) };
            clients::insert(&tx, &scope, &new).await
        })
        .await
        .unwrap();
    world
}

async fn add(world: &World, label: &'static str, created: i64) -> Option<Vec<String>> {
    let add = move |tx, scope| async move {
        clients::add_secret(&tx, &scope, &erp(), &secret(label, created)).await
    };
    world.write(add).await.unwrap()
}

async fn live(world: &World) -> Vec<String> {
    let secrets = clients::secrets(&world.store, &world.scope, &erp()).await.unwrap();
    secrets.into_iter().map(|secret| secret.name).collect()
}

async fn third_secret_ends_the_oldest(database: TestDatabase) {
    let world = with_client(database).await;
    assert_eq!(add(&world, "s1", 1).await, Some(vec![]));
    assert_eq!(add(&world, "s2", 2).await, Some(vec![]));
    assert_eq!(add(&world, "s3", 3).await, Some(vec!["s1".to_owned()]));
    assert_eq!(live(&world).await, ["s3", "s2"]);
}

async fn ended_secret_proves_nobody(database: TestDatabase) {
    let world = with_client(database).await;
    add(&world, "s1", 1).await;
    add(&world, "s2", 2).await;
    let ended = world
        .write(|tx, scope| async move {
            clients::end_secrets(&tx, &scope, &erp(), 1, Timestamp(5)).await
        })
        .await
        .unwrap();
    assert_eq!(ended, ["s1"]);
    let proofs = credentials::find_secrets(&world.store, &erp()).await.unwrap();
    assert_eq!(proofs.iter().map(|proof| proof.secret.as_str()).collect::<Vec<_>>(), ["s2"]);
}

async fn removed_client_is_gone_and_its_id_stays_used(database: TestDatabase) {
    let world = with_client(database).await;
    add(&world, "s1", 1).await;
    let remove =
        |tx, scope| async move { clients::remove(&tx, &scope, &erp(), Timestamp(5)).await };
    assert!(world.write(remove).await.unwrap());
    assert!(!world.write(remove).await.unwrap());
    assert_eq!(clients::find(&world.store, &world.scope, &erp()).await.unwrap(), None);
    assert_eq!(clients::list(&world.store, &world.scope).await.unwrap(), []);
    assert_eq!(clients::owner(&world.store, &erp()).await.unwrap(), Some(world.scope.owner()));
    assert_eq!(add(&world, "s2", 6).await, None);
    assert_eq!(credentials::find_secrets(&world.store, &erp()).await.unwrap(), []);
    let again = world
        .write(|tx, scope| async move {
            let (id, name) = (erp(), name("Igen"));
            let new = NewClient { id, name, role: Role::Admin, created: Timestamp(1) };
            clients::insert(&tx, &scope, &new).await
        })
        .await;
    assert!(matches!(again, Err(StoreError::Unique(_))), "{again:?}");
}

async fn another_organization_cannot_change_a_client(database: TestDatabase) {
    let world = with_client(database).await;
    let other = world.other_organization().await;
    add(&world, "s1", 1).await;
    let outcome = world
        .write(move |tx, _| async move {
            let disabled = clients::disable(&tx, &other, &erp(), Timestamp(2)).await?;
            let removed = clients::remove(&tx, &other, &erp(), Timestamp(2)).await?;
            let renamed = clients::update(&tx, &other, &erp(), &name("X"), Role::Admin).await?;
            let added = clients::add_secret(&tx, &other, &erp(), &secret("x", 2)).await?;
            Ok((disabled, removed, renamed, added))
        })
        .await
        .unwrap();
    assert_eq!(outcome, (false, false, false, None));
    assert_eq!(live(&world).await, ["s1"]);
    let client = clients::find(&world.store, &world.scope, &erp()).await.unwrap().unwrap();
    assert_eq!((client.role, client.disabled_at), (Role::Creator, None));
    assert_eq!(clients::find(&world.store, &other, &erp()).await.unwrap(), None);
}

async fn is_found_by_name_in_any_case(database: TestDatabase) {
    let world = with_client(database).await;
    let found =
        clients::find_by_name(&world.store, &world.scope, &name("ÄRENDESYSTEM")).await.unwrap();
    assert_eq!(found.len(), 1);
    let none = clients::find_by_name(&world.store, &world.scope, &name("Arendesystem")).await;
    assert_eq!(none.unwrap(), []);
}

async fn every_change_is_a_change_of_identity(database: TestDatabase) {
    let world = with_client(database).await;
    let mut numbers = vec![server_values::identity_change(&world.store).await.unwrap()];
    add(&world, "s1", 1).await;
    numbers.push(server_values::identity_change(&world.store).await.unwrap());
    for step in 0..4 {
        world
            .write(move |tx, scope| async move {
                match step {
                    0 => clients::disable(&tx, &scope, &erp(), Timestamp(3)).await,
                    1 => clients::enable(&tx, &scope, &erp()).await,
                    2 => clients::update(&tx, &scope, &erp(), &name("Y"), Role::Reader).await,
                    _ => clients::remove(&tx, &scope, &erp(), Timestamp(4)).await,
                }
            })
            .await
            .unwrap();
        numbers.push(server_values::identity_change(&world.store).await.unwrap());
    }
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
}
