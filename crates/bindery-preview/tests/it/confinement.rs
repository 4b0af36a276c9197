//! What a child tries and must not be able to do.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::time::Duration;

use bindery_preview::{Outcome, RenderRequest, Task, WorkerError, WorkerLimits};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

use crate::support::{file_of, files, overview, render, worker, worker_with};

/// How the kernel says no (`EPERM` of the filter, `EACCES` of Landlock).
const REFUSALS: [&str; 2] = ["Operation not permitted", "Permission denied"];

async fn attempt_with(limits: WorkerLimits, deed: &str) -> Result<Outcome, WorkerError> {
    let request = RenderRequest { file_name: "deed".to_owned(), task: Task::Overview };
    let file = file_of(format!("misbehave:{deed}").as_bytes());
    let rendering = worker_with(limits).render(file, &request).await?;
    Ok(rendering.outcome)
}

async fn attempt(deed: &str) -> Result<Outcome, WorkerError> {
    attempt_with(WorkerLimits::default(), deed).await
}

/// Tries a deed and demands that it was refused from within.
async fn is_refused(deed: &str) {
    match attempt(deed).await {
        Ok(Outcome::Failed { reason }) => {
            assert!(REFUSALS.iter().any(|refusal| reason.contains(refusal)), "{deed}: {reason}");
        }
        other => panic!("{deed}: {other:?}"),
    }
}

#[tokio::test]
async fn no_file_can_be_opened_or_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bindery.sqlite");
    std::fs::write(&file, "secret").unwrap();
    is_refused(&format!("open {}", file.display())).await;
    is_refused(&format!("list {}", folder.path().display())).await;
    is_refused("open /etc/passwd").await;
    is_refused("open /proc/self/environ").await;
    let new = folder.path().join("new");
    is_refused(&format!("write {}", new.display())).await;
    assert!(!new.exists());
}

#[tokio::test]
async fn no_socket_can_be_made() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    is_refused(&format!("connect {address}")).await;
    is_refused("listen 127.0.0.1:0").await;
    is_refused("datagram 127.0.0.1:0").await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let _listener = UnixListener::bind(&path).unwrap();
    is_refused(&format!("unix {}", path.display())).await;
}

#[tokio::test]
async fn no_process_or_thread_can_be_started_and_nobody_signalled() {
    is_refused("exec /bin/true").await;
    is_refused("thread").await;
    // The signal would be harmless: it tells of the size of a window.
    is_refused(&format!("signal {}", std::process::id())).await;
}

#[tokio::test]
async fn memory_has_an_end() {
    assert!(matches!(attempt("allocate").await, Err(WorkerError::OutOfMemory)));
}

#[tokio::test]
async fn processor_time_has_an_end() {
    let limits = WorkerLimits { cpu: Duration::from_secs(1), ..WorkerLimits::default() };
    assert!(matches!(attempt_with(limits, "spin").await, Err(WorkerError::TimedOut)));
}

#[tokio::test]
async fn the_clock_has_an_end_too() {
    let limits = WorkerLimits { wall: Duration::from_millis(300), ..WorkerLimits::default() };
    assert!(matches!(attempt_with(limits, "spin").await, Err(WorkerError::TimedOut)));
}

#[tokio::test]
async fn output_has_an_end_and_must_be_frames() {
    let limits = WorkerLimits { output_bytes: 1 << 20, ..WorkerLimits::default() };
    assert!(matches!(attempt_with(limits, "flood").await, Err(WorkerError::OutputTooLarge)));
    assert!(matches!(attempt("babble").await, Err(WorkerError::Crashed { .. })));
}

#[tokio::test]
async fn pages_that_are_read_have_an_end() {
    let limits = WorkerLimits { pages: 2, ..WorkerLimits::default() };
    let name = "mixed-page-sizes.pdf";
    let request = RenderRequest { file_name: name.to_owned(), task: Task::Overview };
    let file = std::fs::File::open(files().join(name)).unwrap();
    let rendering = worker_with(limits).render(file, &request).await.unwrap();
    assert_eq!(rendering.outcome, Outcome::Ready);
    assert_eq!((rendering.page_count, rendering.pages.len()), (3, 2));
    assert!(!rendering.is_text_complete);
}

#[tokio::test]
async fn a_crash_is_told_and_a_panic_means_a_damaged_file() {
    match attempt("overflow").await {
        Err(WorkerError::Crashed { detail }) => assert!(detail.contains("signal"), "{detail}"),
        other => panic!("{other:?}"),
    }
    assert!(matches!(attempt("panic").await, Ok(Outcome::Failed { .. })));
}

#[tokio::test]
async fn the_environment_of_the_parent_does_not_reach_the_child() {
    // Cargo sets this one for tests; the child is asked through the same door as for any file.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    let request = RenderRequest { file_name: "deed".to_owned(), task: Task::Overview };
    let file = file_of(b"misbehave:environment");
    let rendering = worker().render(file, &request).await.unwrap();
    let names = "BINDERY_WORKER_ORDER MIMALLOC_ARENA_RESERVE";
    let expected = Outcome::Failed { reason: names.to_owned() };
    assert_eq!(rendering.outcome, expected);
}

#[tokio::test]
async fn after_all_that_the_next_file_is_rendered() {
    for deed in ["overflow", "allocate", "babble"] {
        assert!(attempt(deed).await.is_err(), "{deed}");
    }
    assert_eq!(overview("A-40.1-1100.pdf").await.outcome, Outcome::Ready);
}

#[tokio::test]
async fn a_program_that_is_missing_is_not_the_files_fault() {
    let worker = bindery_preview::Worker::new("/nowhere/bindery".into(), WorkerLimits::default());
    let request = RenderRequest { file_name: "a".to_owned(), task: Task::Overview };
    let error = worker.render(file_of(b"a"), &request).await.unwrap_err();
    assert!(!error.is_fault_of_file(), "{error:?}");
}

/// Renders a drawing where a system call is refused to all, as the filter of a service manager does.
fn without(call: libc::c_long) -> Result<Outcome, WorkerError> {
    let rules = BTreeMap::from([(call, Vec::new())]);
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let processor = std::env::consts::ARCH.try_into().unwrap();
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refused, processor).unwrap();
    let filter = BpfProgram::try_from(filter).unwrap();
    let rendering = std::thread::spawn(move || {
        seccompiler::apply_filter(&filter).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(render("arabic.pdf", Task::Overview))
    });
    Ok(rendering.join().unwrap()?.outcome)
}

#[test]
fn a_worker_that_cannot_lock_itself_down_reads_nothing_and_is_not_the_files_fault() {
    let error = without(libc::SYS_prlimit64).unwrap_err();
    assert!(!error.is_fault_of_file(), "{error:?}");
    // What protects nothing is done without.
    assert_eq!(without(libc::SYS_setpriority).unwrap(), Outcome::Ready);
}
