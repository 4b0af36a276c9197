//! How workers give way to commits.
//!
//! A renderer yields the processors (its child is nice), but not the caches, the disk and the one thread that writes: a
//! commit beside it takes longer. So while commits come one upon the other a worker rests after each job for twice as
//! long as the job took. Two commits out of three then find no renderer beside them, and a third of the time is enough to
//! keep up with most; what is left is made when the commits pause. Jobs that somebody waits for end the rest.

use std::time::Duration;

/// Commits closer than this come one upon the other.
const CLOSE: Duration = Duration::from_millis(10);
/// So many times the length of the job,
const SHARE: u32 = 2;
/// but no longer than this: after a large sheet the next small file need not wait for as long.
const LONGEST: Duration = Duration::from_secs(2);

/// How long a worker rests after a job that took so long, the last commit being so long ago.
pub(super) fn rest(took: Duration, since_commit: Option<Duration>) -> Duration {
    match since_commit {
        Some(since) if since < CLOSE => LONGEST.min(took.saturating_mul(SHARE)),
        _ => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_worker_rests_while_commits_come() {
        assert_eq!(rest(millis(20), Some(millis(1))), millis(40));
        assert_eq!(rest(millis(20), Some(millis(9))), millis(40));
    }

    #[test]
    fn it_goes_on_once_they_pause() {
        assert_eq!(rest(millis(20), None), Duration::ZERO);
        assert_eq!(rest(millis(20), Some(millis(10))), Duration::ZERO);
    }

    #[test]
    fn no_job_makes_the_next_one_wait_for_long() {
        assert_eq!(rest(Duration::from_secs(600), Some(millis(1))), Duration::from_secs(2));
        assert_eq!(rest(Duration::MAX / 4, Some(millis(1))), Duration::from_secs(2));
    }
}
