//! The queue of work in the background.

use bindery_domain::{Scope, Timestamp};
use bindery_store::jobs::{self, Claim, Counted, JobRow, NewJob, Priority};

use crate::database::TestDatabase;
use crate::world::World;

crate::on_both_engines!(
    a_job_is_there_exactly_when_its_transaction_was_committed,
    a_subject_has_one_job_with_the_highest_priority_asked_for,
    urgent_jobs_come_first_then_the_oldest,
    a_new_job_is_due_for_a_worker_whose_clock_is_behind,
    two_workers_never_get_the_same_job,
    a_job_whose_worker_died_is_due_again_and_the_dead_one_cannot_finish_it,
    a_job_that_was_put_back_waits_and_says_how_often_it_was_tried,
    jobs_of_a_thing_go_with_it_and_no_others,
    a_start_releases_what_dead_workers_held,
);

const KIND: &str = "preview";

async fn enqueue_in(world: &World, scope: Scope, subject: &'static str, priority: Priority) {
    let created = world.tick();
    let write = move |tx, _| async move {
        let new = NewJob { kind: KIND, subject, payload: "{}", priority, created };
        jobs::enqueue(&tx, &scope, &new).await
    };
    world.write(write).await.unwrap();
}

async fn enqueue(world: &World, subject: &'static str, priority: Priority) {
    enqueue_in(world, world.scope, subject, priority).await;
}

async fn claim(world: &World, now: Timestamp, secs: i64) -> Option<JobRow> {
    let lease = rand_token();
    let claim = Claim { now, lease_until: now.plus_secs(secs), lease };
    let write = move |tx, scope| async move { jobs::claim(&tx, &scope, KIND, claim).await };
    world.write(write).await.unwrap()
}

fn rand_token() -> [u8; 16] {
    bindery_domain::UploadId::random().bytes()
}

async fn finish(world: &World, job: &JobRow) -> bool {
    let job = job.clone();
    let write = move |tx, scope| {
        let job = job.clone();
        async move { jobs::finish(&tx, &scope, &job).await }
    };
    world.write(write).await.unwrap()
}

async fn jobs_left(world: &World) -> i64 {
    jobs::backlog_of(&world.store, &world.scope, KIND).await.unwrap().jobs
}

async fn a_job_is_there_exactly_when_its_transaction_was_committed(database: TestDatabase) {
    let world = World::on(database).await;
    let now = world.tick();
    assert!(jobs::due_organizations(&world.store, KIND, now).await.unwrap().is_empty());
    let broken = move |tx, scope| async move {
        let priority = Priority::Changed;
        let new = NewJob { kind: KIND, subject: "1/a", payload: "{}", priority, created: now };
        jobs::enqueue(&tx, &scope, &new).await?;
        Err::<(), _>(bindery_store::StoreError::Corrupt("broken off".to_owned()))
    };
    world.write(broken).await.unwrap_err();
    assert_eq!(jobs_left(&world).await, 0);
    let other = world.other_organization().await;
    enqueue(&world, "1/a", Priority::Changed).await;
    enqueue_in(&world, other, "1/a", Priority::Asked).await;
    let due = jobs::due_organizations(&world.store, KIND, world.tick()).await.unwrap();
    let expected = [(other.owner(), Priority::Asked), (world.scope.owner(), Priority::Changed)];
    assert_eq!(due, expected);
    assert!(jobs::due_organizations(&world.store, "mail", world.tick()).await.unwrap().is_empty());
}

async fn a_subject_has_one_job_with_the_highest_priority_asked_for(database: TestDatabase) {
    let world = World::on(database).await;
    for priority in [Priority::Background, Priority::Asked, Priority::Changed] {
        enqueue(&world, "1/a", priority).await;
    }
    assert_eq!(jobs_left(&world).await, 1);
    let waiting = jobs::find(&world.store, &world.scope, KIND, "1/a").await.unwrap().unwrap();
    assert_eq!((waiting.priority, waiting.attempts), (Priority::Asked, 0));
}

async fn urgent_jobs_come_first_then_the_oldest(database: TestDatabase) {
    let world = World::on(database).await;
    enqueue(&world, "1/a", Priority::Background).await;
    enqueue(&world, "2/a", Priority::Changed).await;
    enqueue(&world, "3/a", Priority::Changed).await;
    enqueue(&world, "4/a", Priority::Asked).await;
    let mut order = Vec::new();
    let now = world.tick();
    while let Some(job) = claim(&world, now, 60).await {
        order.push(job.subject);
    }
    assert_eq!(order, ["4/a", "2/a", "3/a", "1/a"]);
}

async fn a_new_job_is_due_for_a_worker_whose_clock_is_behind(database: TestDatabase) {
    let world = World::on(database).await;
    let behind = world.tick().plus_secs(-60);
    enqueue(&world, "1/a", Priority::Asked).await;
    let due = jobs::due_organizations(&world.store, KIND, behind).await.unwrap();
    assert_eq!(due, [(world.scope.owner(), Priority::Asked)]);
    assert_eq!(claim(&world, behind, 60).await.unwrap().subject, "1/a");
}

async fn two_workers_never_get_the_same_job(database: TestDatabase) {
    let world = World::on(database).await;
    for subject in ["1/a", "2/a", "3/a", "4/a", "5/a", "6/a"] {
        enqueue(&world, subject, Priority::Changed).await;
    }
    let now = world.tick();
    let claims = (0..9).map(|_| claim(&world, now, 60));
    let claimed = futures_util::future::join_all(claims).await;
    let mut subjects: Vec<_> = claimed.into_iter().flatten().map(|job| job.subject).collect();
    subjects.sort();
    // Whoever was turned away by another's lock comes back.
    while let Some(job) = claim(&world, now, 60).await {
        subjects.push(job.subject);
    }
    assert_eq!(subjects, ["1/a", "2/a", "3/a", "4/a", "5/a", "6/a"]);
}

async fn a_job_whose_worker_died_is_due_again_and_the_dead_one_cannot_finish_it(
    database: TestDatabase,
) {
    let world = World::on(database).await;
    enqueue(&world, "1/a", Priority::Changed).await;
    let now = world.tick();
    let dead = claim(&world, now, 60).await.unwrap();
    assert!(claim(&world, now.plus_secs(59), 60).await.is_none());
    let extend = |job: &JobRow, until| {
        let job = job.clone();
        world.write(move |tx, scope| {
            let job = job.clone();
            async move { jobs::extend(&tx, &scope, &job, until).await }
        })
    };
    assert!(extend(&dead, now.plus_secs(90)).await.unwrap());
    assert!(claim(&world, now.plus_secs(89), 60).await.is_none());
    let second = claim(&world, now.plus_secs(90), 60).await.unwrap();
    assert_eq!((dead.attempts, second.attempts), (1, 2));
    assert!(!extend(&dead, now.plus_secs(200)).await.unwrap());
    assert!(!finish(&world, &dead).await);
    assert!(finish(&world, &second).await);
    assert_eq!(jobs_left(&world).await, 0);
}

async fn a_job_that_was_put_back_waits_and_says_how_often_it_was_tried(database: TestDatabase) {
    let world = World::on(database).await;
    enqueue(&world, "1/a", Priority::Changed).await;
    let now = world.tick();
    let put_back = async |job: JobRow, counted| {
        let write = move |tx, scope| {
            let job = job.clone();
            async move { jobs::put_back(&tx, &scope, &job, now.plus_secs(5), counted).await }
        };
        assert!(world.write(write).await.unwrap());
    };
    put_back(claim(&world, now, 60).await.unwrap(), Counted::Yes).await;
    assert!(claim(&world, now.plus_secs(4), 60).await.is_none());
    let second = claim(&world, now.plus_secs(5), 60).await.unwrap();
    assert_eq!(second.attempts, 2);
    put_back(second, Counted::No).await;
    assert_eq!(claim(&world, now.plus_secs(5), 60).await.unwrap().attempts, 2);
}

async fn jobs_of_a_thing_go_with_it_and_no_others(database: TestDatabase) {
    let world = World::on(database).await;
    for subject in ["1/overview", "1/page/3", "10/overview", "2/overview"] {
        enqueue(&world, subject, Priority::Changed).await;
    }
    let remove = move |tx, scope| async move { jobs::remove_beneath(&tx, &scope, KIND, "1").await };
    world.write(remove).await.unwrap();
    let now = world.tick();
    let mut left = Vec::new();
    while let Some(job) = claim(&world, now, 60).await {
        left.push(job.subject);
    }
    assert_eq!(left, ["10/overview", "2/overview"]);
}

async fn a_start_releases_what_dead_workers_held(database: TestDatabase) {
    let world = World::on(database).await;
    enqueue(&world, "1/a", Priority::Changed).await;
    let now = world.tick();
    let dead = claim(&world, now, 60).await.unwrap();
    let release = move |tx, scope| async move { jobs::release_all(&tx, &scope, KIND, now).await };
    assert_eq!(world.write(release).await.unwrap(), 1);
    assert_eq!(claim(&world, now, 60).await.unwrap().attempts, 2);
    assert!(!finish(&world, &dead).await);
}
