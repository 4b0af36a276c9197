//! The states of uploads: every step from every state.

use bindery_domain::{BlobId, ClientId, Timestamp, UploadId};
use bindery_store::uploads::{self, Begin, Claim, Lease, NewUpload, ReceivedBytes, UploadState};

use crate::database::TestDatabase;
use crate::world::World;

crate::on_both_engines!(
    every_step_is_taken_from_its_own_states_only,
    put_that_lost_its_lease_changes_nothing,
    put_that_comes_while_another_gives_back_is_never_told_it_is_too_late,
    commit_must_come_in_time_after_the_last_byte,
    put_must_begin_in_time_and_may_then_take_longer,
    only_the_client_that_asked_can_claim,
    another_organization_cannot_touch_an_upload,
    sweeper_takes_what_is_due_and_nothing_else,
);

const ASKED: i64 = 1_000;
const EXPIRES: i64 = 2_000;
const LEASE_UNTIL: i64 = 1_600;
const COMMIT_BY: i64 = 3_000;
const TOKEN: [u8; 16] = [1; 16];
const OTHER_TOKEN: [u8; 16] = [2; 16];

/// A state in which an upload can be found, told apart as far as steps can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    Open,
    OpenLate,
    Receiving,
    ReceivingDead,
    ReceivingDeadLate,
    Received,
    ReceivedLate,
    Committed,
    Expired,
}

/// What can be done to an upload; each by the PUT or client that has the right to.
#[derive(Debug, Clone, Copy)]
enum Step {
    Begin,
    Extend,
    Received,
    Reopen,
    Commit,
    Expire,
    Remove,
}

const STANDS: [Stand; 9] = [
    Stand::Open,
    Stand::OpenLate,
    Stand::Receiving,
    Stand::ReceivingDead,
    Stand::ReceivingDeadLate,
    Stand::Received,
    Stand::ReceivedLate,
    Stand::Committed,
    Stand::Expired,
];

impl Stand {
    /// The state of the row.
    fn state(self) -> UploadState {
        match self {
            Self::Open | Self::OpenLate => UploadState::Open,
            Self::Receiving | Self::ReceivingDead | Self::ReceivingDeadLate => {
                UploadState::Receiving
            }
            Self::Received | Self::ReceivedLate => UploadState::Received,
            Self::Committed => UploadState::Committed,
            Self::Expired => UploadState::Expired,
        }
    }

    /// The time at which the step is tried.
    fn now(self) -> i64 {
        match self {
            Self::ReceivingDead => LEASE_UNTIL,
            Self::OpenLate | Self::ReceivingDeadLate => EXPIRES,
            Self::ReceivedLate => COMMIT_BY,
            _ => 1_500,
        }
    }
}

/// The state after a step, the row's removal included; `None` where the step must be refused and change nothing.
fn expected(stand: Stand, step: Step) -> Option<Option<UploadState>> {
    use UploadState::{Committed, Expired, Open, Received, Receiving};
    let after = match (step, stand) {
        (Step::Begin, Stand::Open | Stand::ReceivingDead) => Some(Receiving),
        // A lease that ran out is still the PUT's own until another takes it.
        (Step::Extend, _) if stand.state() == Receiving => Some(Receiving),
        (Step::Received, _) if stand.state() == Receiving => Some(Received),
        (Step::Reopen, _) if stand.state() == Receiving => Some(Open),
        (Step::Commit, Stand::Received) => Some(Committed),
        (Step::Expire, Stand::OpenLate | Stand::ReceivingDeadLate | Stand::ReceivedLate) => {
            Some(Expired)
        }
        (Step::Remove, Stand::Expired) => None,
        _ => return None,
    };
    Some(after)
}

fn client() -> ClientId {
    "erp".parse().unwrap()
}

fn bytes() -> ReceivedBytes {
    ReceivedBytes { blob: BlobId::from_bytes([9; 16]), size: 64, sha256: [3; 32] }
}

async fn open(world: &World) -> UploadId {
    let id = UploadId::random();
    let open = move |tx, scope| async move {
        let (created, expires) = (Timestamp(ASKED), Timestamp(EXPIRES));
        let new = NewUpload { id, client: client(), created, expires };
        uploads::open(&tx, &scope, &new).await
    };
    world.write(open).await.unwrap();
    id
}

async fn begin(world: &World, id: UploadId, now: i64, token: [u8; 16], until: i64) -> Begin {
    let lease = Lease { token, until: Timestamp(until) };
    let begin = move |tx, scope| async move {
        uploads::begin_receiving(&tx, &scope, id, Timestamp(now), lease).await
    };
    world.write(begin).await.unwrap()
}

async fn receive(world: &World, id: UploadId, token: [u8; 16]) -> bool {
    let receive = move |tx, scope| async move {
        uploads::received(&tx, &scope, id, token, &bytes(), Timestamp(COMMIT_BY)).await
    };
    world.write(receive).await.unwrap()
}

async fn claim(world: &World, id: UploadId, now: i64) -> Claim {
    let claim = move |tx, scope| async move {
        uploads::claim(&tx, &scope, id, &client(), Timestamp(now)).await
    };
    world.write(claim).await.unwrap()
}

async fn commit(world: &World, key: i64, now: i64) -> bool {
    let commit = move |tx, scope| async move {
        uploads::commit(&tx, &scope, key, Timestamp(now), &[4; 32], 77).await
    };
    world.write(commit).await.unwrap()
}

async fn expire(world: &World, now: i64) -> usize {
    let expire =
        move |tx, scope| async move { uploads::expire_due(&tx, &scope, Timestamp(now), 100).await };
    world.write(expire).await.unwrap()
}

async fn key_of(world: &World, id: UploadId) -> i64 {
    uploads::find(&world.store, &world.scope, id).await.unwrap().unwrap().key
}

async fn state(world: &World, id: UploadId) -> Option<UploadState> {
    uploads::find(&world.store, &world.scope, id).await.unwrap().map(|upload| upload.state)
}

/// Brings a new upload into a state by the steps that lead there.
async fn brought_to(world: &World, stand: Stand) -> UploadId {
    let id = open(world).await;
    let wanted = stand.state();
    if !matches!(wanted, UploadState::Open | UploadState::Expired) {
        assert_eq!(begin(world, id, 1_500, TOKEN, LEASE_UNTIL).await, Begin::Begun);
    }
    if matches!(wanted, UploadState::Received | UploadState::Committed) {
        assert!(receive(world, id, TOKEN).await);
    }
    if wanted == UploadState::Committed {
        assert!(commit(world, key_of(world, id).await, 2_500).await);
    }
    if wanted == UploadState::Expired {
        assert_eq!(expire(world, EXPIRES).await, 1);
    }
    assert_eq!(state(world, id).await, Some(wanted));
    id
}

async fn take(world: &World, step: Step, id: UploadId, now: i64) -> bool {
    match step {
        Step::Begin => begin(world, id, now, OTHER_TOKEN, now + 100).await == Begin::Begun,
        Step::Extend => {
            let lease = Lease { token: TOKEN, until: Timestamp(now + 100) };
            let extend =
                move |tx, scope| async move { uploads::extend_lease(&tx, &scope, id, lease).await };
            world.write(extend).await.unwrap()
        }
        Step::Received => receive(world, id, TOKEN).await,
        Step::Reopen => {
            let reopen =
                move |tx, scope| async move { uploads::reopen(&tx, &scope, id, TOKEN).await };
            world.write(reopen).await.unwrap()
        }
        Step::Commit => commit(world, key_of(world, id).await, now).await,
        Step::Expire => expire(world, now).await == 1,
        Step::Remove => {
            let remove =
                move |tx, scope| async move { uploads::remove_expired(&tx, &scope, id).await };
            world.write(remove).await.unwrap()
        }
    }
}

async fn every_step_is_taken_from_its_own_states_only(database: TestDatabase) {
    let world = World::on(database).await;
    for step in [
        Step::Begin,
        Step::Extend,
        Step::Received,
        Step::Reopen,
        Step::Commit,
        Step::Expire,
        Step::Remove,
    ] {
        for stand in STANDS {
            let id = brought_to(&world, stand).await;
            let was_taken = take(&world, step, id, stand.now()).await;
            let expected = expected(stand, step);
            assert_eq!(was_taken, expected.is_some(), "{step:?} in {stand:?}");
            let after = expected.unwrap_or(Some(stand.state()));
            assert_eq!(state(&world, id).await, after, "{step:?} in {stand:?}");
            // Out of the way of the next step of the sweeper.
            world.tamper("delete from upload").await;
        }
    }
}

async fn put_that_lost_its_lease_changes_nothing(database: TestDatabase) {
    let world = World::on(database).await;
    let id = brought_to(&world, Stand::Receiving).await;
    assert_eq!(begin(&world, id, LEASE_UNTIL - 1, OTHER_TOKEN, 1_900).await, Begin::Running);
    assert_eq!(begin(&world, id, LEASE_UNTIL, OTHER_TOKEN, 1_900).await, Begin::Begun);
    for step in [Step::Extend, Step::Received, Step::Reopen] {
        assert!(!take(&world, step, id, 1_700).await, "{step:?}");
    }
    assert!(receive(&world, id, OTHER_TOKEN).await);
    assert_eq!(begin(&world, id, 1_800, TOKEN, 1_900).await, Begin::Done);
}

async fn put_that_comes_while_another_gives_back_is_never_told_it_is_too_late(
    database: TestDatabase,
) {
    let world = World::on(database).await;
    let id = open(&world).await;
    // Two that try and give up over and over: each may find the upload taken, but never gone.
    let try_often = async |token| {
        for _ in 0..300 {
            let found = begin(&world, id, 1_500, token, LEASE_UNTIL).await;
            assert!(matches!(found, Begin::Begun | Begin::Running), "{found:?}");
            if found == Begin::Begun {
                let reopen =
                    move |tx, scope| async move { uploads::reopen(&tx, &scope, id, token).await };
                assert!(world.write(reopen).await.unwrap());
            }
        }
    };
    tokio::join!(try_often(TOKEN), try_often(OTHER_TOKEN));
    assert_eq!(state(&world, id).await, Some(UploadState::Open));
}

async fn commit_must_come_in_time_after_the_last_byte(database: TestDatabase) {
    let world = World::on(database).await;
    let id = brought_to(&world, Stand::Received).await;
    assert_eq!(claim(&world, id, COMMIT_BY).await, Claim::Gone);
    let Claim::Ready { key, bytes: received } = claim(&world, id, COMMIT_BY - 1).await else {
        panic!("not ready")
    };
    assert_eq!(received, bytes());
    assert!(!commit(&world, key, COMMIT_BY).await);
    assert!(commit(&world, key, COMMIT_BY - 1).await);
    let again = claim(&world, id, COMMIT_BY + 1_000_000).await;
    assert_eq!(again, Claim::Committed { request: [4; 32], version_key: 77 });
}

async fn put_must_begin_in_time_and_may_then_take_longer(database: TestDatabase) {
    let world = World::on(database).await;
    let late = open(&world).await;
    assert_eq!(claim(&world, late, EXPIRES - 1).await, Claim::NotReceived);
    assert_eq!(begin(&world, late, EXPIRES, TOKEN, EXPIRES + 9).await, Begin::Gone);
    assert_eq!(claim(&world, late, EXPIRES).await, Claim::Gone);
    let long = open(&world).await;
    assert_eq!(begin(&world, long, EXPIRES - 1, TOKEN, EXPIRES + 500).await, Begin::Begun);
    assert_eq!(expire(&world, EXPIRES + 1).await, 1, "only the one that nobody sends");
    assert_eq!(claim(&world, long, EXPIRES + 1).await, Claim::NotReceived);
    assert!(receive(&world, long, TOKEN).await);
    assert!(matches!(claim(&world, long, EXPIRES + 2).await, Claim::Ready { .. }));
    assert_eq!(begin(&world, UploadId::random(), 1_500, TOKEN, 1_600).await, Begin::Gone);
}

async fn only_the_client_that_asked_can_claim(database: TestDatabase) {
    let world = World::on(database).await;
    for stand in [Stand::Open, Stand::Received, Stand::Committed] {
        let id = brought_to(&world, stand).await;
        let claim = move |tx, scope| async move {
            let other = "someone".parse().unwrap();
            uploads::claim(&tx, &scope, id, &other, Timestamp(1_500)).await
        };
        assert_eq!(world.write(claim).await.unwrap(), Claim::Gone);
    }
}

async fn another_organization_cannot_touch_an_upload(database: TestDatabase) {
    let world = World::on(database).await;
    let other = world.other_organization().await;
    let id = brought_to(&world, Stand::Received).await;
    let key = key_of(&world, id).await;
    let outcome = world
        .write(move |tx, _| async move {
            let now = Timestamp(1_500);
            let claim = uploads::claim(&tx, &other, id, &client(), now).await?;
            let committed = uploads::commit(&tx, &other, key, now, &[4; 32], 1).await?;
            let expired = uploads::expire_due(&tx, &other, Timestamp(9_999), 9).await?;
            Ok((claim, committed, expired, uploads::find(&tx, &other, id).await?))
        })
        .await
        .unwrap();
    assert_eq!(outcome, (Claim::Gone, false, 0, None));
    assert_eq!(state(&world, id).await, Some(UploadState::Received));
}

async fn sweeper_takes_what_is_due_and_nothing_else(database: TestDatabase) {
    let world = World::on(database).await;
    let due = async |now| uploads::due_organizations(&world.store, Timestamp(now)).await.unwrap();
    let committed = brought_to(&world, Stand::Committed).await;
    let received = brought_to(&world, Stand::Received).await;
    let opened = open(&world).await;
    assert!(due(EXPIRES - 1).await.is_empty());
    assert_eq!(due(EXPIRES).await, [world.scope.owner()]);
    assert_eq!(expire(&world, EXPIRES).await, 1);
    assert_eq!(expire(&world, COMMIT_BY).await, 1);
    let list = |tx, scope| async move { uploads::list_expired(&tx, &scope, 9).await };
    let expired = world.write(list).await.unwrap();
    let found: Vec<_> = expired.iter().map(|upload| (upload.id, upload.blob)).collect();
    assert_eq!(found, [(opened, None), (received, Some(bytes().blob))]);
    for id in [opened, received] {
        assert!(take(&world, Step::Remove, id, 0).await);
        assert_eq!(state(&world, id).await, None);
    }
    assert!(due(i64::MAX).await.is_empty());
    assert_eq!(state(&world, committed).await, Some(UploadState::Committed));
}
