//! Organizations.

use bindery_domain::{BuiltIn, Timestamp};
use bindery_store::{StoreError, elements, journal, organizations, server_values};

use crate::database::TestDatabase;
use crate::world::{World, name};

crate::on_both_engines!(
    is_found_by_id_and_by_name_in_any_case,
    has_every_built_in_element_from_the_start,
    used_id_is_refused,
    disabling_is_a_change_of_identity,
    journal_begins_empty_and_intact,
);

async fn is_found_by_id_and_by_name_in_any_case(database: TestDatabase) {
    let world = World::on(database).await;
    let found = organizations::find(&world.store, world.organization).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.key), ("Exempel", world.scope.owner()));
    let by_name = organizations::find_by_name(&world.store, &name("EXEMPEL")).await.unwrap();
    assert_eq!(by_name, std::slice::from_ref(&found));
    world.other_organization().await;
    let names: Vec<_> = organizations::list(&world.store).await.unwrap();
    assert_eq!(
        names.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
        ["En annan", "Exempel"]
    );
}

async fn has_every_built_in_element_from_the_start(database: TestDatabase) {
    let world = World::on(database).await;
    for built_in in BuiltIn::ALL {
        let found = elements::find(&world.store, &world.scope, built_in.id()).await.unwrap();
        assert_eq!(found.unwrap().data_type, built_in.data_type());
    }
}

async fn used_id_is_refused(database: TestDatabase) {
    let world = World::on(database).await;
    let id = world.organization;
    let again = world
        .write(move |tx, _| async move {
            let new =
                organizations::NewOrganization { id, name: name("Igen"), created: Timestamp(2) };
            organizations::insert(&tx, &new).await
        })
        .await;
    let Err(StoreError::Unique(constraint)) = again else { panic!("{again:?}") };
    assert_eq!(constraint, "organization_id_key");
}

async fn disabling_is_a_change_of_identity(database: TestDatabase) {
    let world = World::on(database).await;
    let before = server_values::identity_change(&world.store).await.unwrap();
    world
        .write(|tx, scope| async move { organizations::disable(&tx, &scope, Timestamp(9)).await })
        .await
        .unwrap();
    let found = organizations::load(&world.store, &world.scope).await.unwrap();
    assert_eq!(found.disabled_at, Some(Timestamp(9)));
    assert!(server_values::identity_change(&world.store).await.unwrap() > before);
    world.write(|tx, scope| async move { organizations::enable(&tx, &scope).await }).await.unwrap();
    assert_eq!(organizations::load(&world.store, &world.scope).await.unwrap().disabled_at, None);
}

async fn journal_begins_empty_and_intact(database: TestDatabase) {
    let world = World::on(database).await;
    let verified = journal::verify(&world.store, &world.scope).await.unwrap();
    let journal::Verified::Intact(head) = verified else { panic!("{verified:?}") };
    assert_eq!(head.seq, 0);
}
