//! Two versions side by side, and what tells a program that it is the wrong one.

use std::process::{Command, Output};
use std::sync::Arc;

use bindery_testkit::PostgresDatabase;

use super::{Cluster, PREFIX, nothing_is_lost, postgres};
use crate::support::PROGRAM;
use crate::support::operator::Ended;
use crate::support::traffic::Traffic;

/// What a later version would do to the schema: only ever more of everything.
const LATER: &str = "
    alter table document add column later text;
    create table later (org bigint not null, later bigint not null, primary key (org, later));
    create index document_by_later on document (org, later);
    insert into migration (version, name, checksum, applied) select 999, 'later', checksum, 0 from migration where version = 1";

/// Runs a command on a database and the bucket of a cluster, or on no bucket. A server that starts although it should not
/// is ended.
fn run(database: &PostgresDatabase, cluster: Option<&Cluster>, args: &[&str]) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("timeout");
    command.args(["30", PROGRAM]).args(args).args(["--database-url", &database.url()]);
    command.arg("--data-dir").arg(folder.path());
    if let Some(cluster) = cluster {
        command.envs(cluster.storage.environment(PREFIX));
    }
    command.output().unwrap().into()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_go_on_when_a_later_version_has_changed_the_schema_and_start_no_more() {
    let database = postgres().database();
    let cluster = Cluster::start(2, &database.url()).await;
    let organization = Arc::new(cluster.organization());
    let traffic = Traffic::through_faults(&organization, 4, 31).await;
    traffic.reach(20).await;
    database.run(LATER);
    let before = traffic.acknowledged().len();
    traffic.reach(before + 40).await;
    let faults = traffic.faults();
    assert_eq!((faults.broken, faults.unavailable), (0, 0), "{faults:?}");
    // One that dies now is not started again: its successor is the later version.
    for args in [&["serve", "--listen", "127.0.0.1:0"] as &[_], &["migrate"], &["check"]] {
        let refused = run(&database, Some(&cluster), args).expect(1);
        let cause = refused.cause();
        assert!(
            cause.contains("newer than this program") && cause.contains("0999_later"),
            "{cause}"
        );
    }
    // The program that is at home again checks what the nodes did meanwhile.
    database.run("delete from migration where version = 999");
    nothing_is_lost(&cluster, &organization, traffic).await;
}

#[test]
fn a_schema_that_is_older_is_refused_until_it_is_migrated() {
    let database = postgres().database();
    // As the version before sandboxes left it.
    database.run("drop table sandbox; delete from migration where version = 3");
    for args in [&["serve", "--listen", "127.0.0.1:0"] as &[_], &["check"], &["keys", "list"]] {
        let refused = run(&database, None, args).expect(1);
        let cause = refused.cause();
        assert!(cause.contains("older version") && cause.contains("bindery migrate"), "{cause}");
    }
    let done = run(&database, None, &["migrate"]).expect(0);
    assert!(done.out.contains("applied 0003_sandboxes"), "{}", done.out);
    run(&database, None, &["check"]).expect(0);
}

#[test]
fn programs_that_migrate_at_the_same_time_apply_each_step_once() {
    let database = postgres().empty_database();
    let folder = tempfile::tempdir().unwrap();
    let migrate = || {
        let mut command = Command::new(PROGRAM);
        command.args(["migrate", "--database-url", &database.url(), "--data-dir"]);
        command.arg(folder.path()).stdout(std::process::Stdio::piped());
        command.stderr(std::process::Stdio::piped()).spawn().unwrap()
    };
    let running: Vec<_> = (0..3).map(|_| migrate()).collect();
    let ended = running.into_iter().map(|child| child.wait_with_output().unwrap());
    let said: String = ended.map(|output: Output| Ended::from(output).expect(0).out).collect();
    for step in ["0001_foundation", "0002_previews", "0003_sandboxes"] {
        assert_eq!(said.matches(&format!("applied {step}")).count(), 1, "{said}");
    }
}
