//! A bucket of calls that refills evenly: the generic cell rate algorithm in one atomic number.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bindery_domain::Timestamp;

use crate::config::RateLimit;

/// One caller's bucket. Takes no lock and no memory beyond one number.
#[derive(Debug, Default)]
pub struct Bucket {
    /// When the bucket will be full again, in nanoseconds since 1970.
    full_at: AtomicI64,
}

/// What is left after a call was taken or refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// The size of the bucket.
    pub limit: u32,
    /// Calls that may follow at once.
    pub remaining: u32,
    /// Until the bucket is full.
    pub reset: Duration,
    /// When the call was refused: until there is one again.
    pub retry_after: Option<Duration>,
}

impl Bucket {
    /// Takes one call, unless the bucket is empty.
    pub fn take(&self, quota: RateLimit, now: Timestamp) -> Left {
        let now = now.0.saturating_mul(1000);
        let period = i64::try_from(quota.period.as_nanos()).unwrap_or(i64::MAX / 4).max(1);
        let calls = i64::from(quota.calls.get());
        let per_call = (period / calls).max(1);
        let mut seen = self.full_at.load(Ordering::Relaxed);
        loop {
            // A clock that was set back must not lock a caller out: no bucket lacks more than all of it.
            let filled = seen.clamp(now, now.saturating_add(per_call * calls));
            let after = filled.saturating_add(per_call);
            let missing = after - now;
            if missing > per_call * calls {
                let wait = missing - per_call * calls;
                return Left {
                    limit: quota.calls.get(),
                    remaining: 0,
                    reset: nanos(filled - now),
                    retry_after: Some(nanos(wait)),
                };
            }
            match self.full_at.compare_exchange_weak(
                seen,
                after,
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                Ok(_) => {
                    let remaining =
                        calls - missing.div_euclid(per_call) - i64::from(missing % per_call != 0);
                    return Left {
                        limit: quota.calls.get(),
                        remaining: u32::try_from(remaining).unwrap_or(0),
                        reset: nanos(missing),
                        retry_after: None,
                    };
                }
                Err(changed) => seen = changed,
            }
        }
    }
}

fn nanos(n: i64) -> Duration {
    Duration::from_nanos(u64::try_from(n).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000_000);
    const QUOTA: RateLimit =
        RateLimit { calls: NonZeroU32::new(3).unwrap(), period: Duration::from_secs(30) };

    #[test]
    fn a_full_bucket_gives_all_its_calls_and_then_one_for_each_part_of_the_period() {
        let bucket = Bucket::default();
        let left: Vec<_> = (0..3).map(|_| bucket.take(QUOTA, NOW)).collect();
        assert_eq!(left.iter().map(|left| left.remaining).collect::<Vec<_>>(), [2, 1, 0]);
        assert_eq!(left[2].reset, Duration::from_secs(30));
        let refused = bucket.take(QUOTA, NOW.plus_secs(4));
        assert_eq!((refused.remaining, refused.retry_after), (0, Some(Duration::from_secs(6))));
        assert_eq!(bucket.take(QUOTA, NOW.plus_secs(10)).retry_after, None);
        assert!(bucket.take(QUOTA, NOW.plus_secs(10)).retry_after.is_some());
        assert_eq!(bucket.take(QUOTA, NOW.plus_secs(1000)).remaining, 2);
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let bucket = Bucket::default();
        bucket.take(QUOTA, NOW.plus_secs(100_000));
        let refused = bucket.take(QUOTA, NOW);
        assert!(refused.retry_after.unwrap() <= Duration::from_secs(10), "{refused:?}");
    }

    #[test]
    fn callers_at_the_same_time_never_take_more_than_there_is() {
        let bucket = Bucket::default();
        let quota =
            RateLimit { calls: NonZeroU32::new(1000).unwrap(), period: Duration::from_secs(3600) };
        let taken = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        (0..500).filter(|_| bucket.take(quota, NOW).retry_after.is_none()).count()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>()
        });
        assert_eq!(taken, 1000);
    }
}
