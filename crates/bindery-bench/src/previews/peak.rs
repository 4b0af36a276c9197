//! The most memory that the children of this process have while something runs.

use std::fs;
use std::time::Duration;

use anyhow::ensure;

/// How often the kernel is asked. It keeps the most that a process ever had (`VmHWM`), so only the last millisecond of a
/// child's life can be missed.
const INTERVAL: Duration = Duration::from_millis(1);

/// Waits for the work; what came of it, and the most resident bytes that any one child had meanwhile.
pub(super) async fn during<T>(work: impl Future<Output = T>) -> anyhow::Result<(T, u64)> {
    let mut most = 0;
    let mut ticks = tokio::time::interval(INTERVAL);
    tokio::pin!(work);
    let result = loop {
        tokio::select! {
            result = &mut work => break result,
            _ = ticks.tick() => most = most.max(of_children()),
        }
    };
    ensure!(most > 0, "no child was seen");
    Ok((result, most))
}

/// Children that have ended meanwhile have no memory.
fn of_children() -> u64 {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let children =
        threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    let peaks = children.flat_map(|ids| {
        ids.split_whitespace().map(|id| format!("/proc/{id}/status")).collect::<Vec<_>>()
    });
    peaks.filter_map(|status| peak_of(&fs::read_to_string(status).ok()?)).max().unwrap_or(0)
}

/// What a child has before it becomes the worker is this process's own.
fn peak_of(status: &str) -> Option<u64> {
    let value = |name: &str| status.lines().find_map(|line| line.strip_prefix(name));
    // Named after the thread that starts it until it runs the program.
    if value("Name:")?.trim() != "bindery" {
        return None;
    }
    let kib: u64 = value("VmHWM:")?.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib << 10)
}
