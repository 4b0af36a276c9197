//! Failed attempts to authenticate, counted for a client from an address and for an address.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use bindery_domain::Timestamp;
use moka::sync::Cache;
use parking_lot::Mutex;

use super::secret::sha256;

/// Failures of one client from one address that are answered as such within a minute.
pub const PER_CLIENT: u32 = 30;
/// Failures from one address that are answered as such within a minute.
pub const PER_ADDRESS: u32 = 100;

const WINDOW: Duration = Duration::from_secs(60);
/// How many windows are remembered; the oldest go first. Some 10 MiB when full.
const REMEMBERED: u64 = 50_000;

/// The counters of one node.
pub struct FailedAttempts {
    windows: Cache<Key, Arc<Mutex<Window>>>,
}

/// Leave for one attempt. Dropped without [`Leave::withdraw`] or [`Leave::failed`] it stays counted against the client.
#[must_use]
pub struct Leave {
    client: Arc<Mutex<Window>>,
    address: Arc<Mutex<Window>>,
}

/// The attempts are used up; so long until the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// When to try again.
    pub retry_after: Duration,
}

/// Claimed client ids are kept as digests: they may be long, and are anyone's.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Client([u8; 32], IpAddr),
    Address(IpAddr),
}

struct Window {
    began: Timestamp,
    failures: u32,
}

impl Default for FailedAttempts {
    fn default() -> Self {
        let windows = Cache::builder().max_capacity(REMEMBERED).time_to_idle(WINDOW * 2).build();
        Self { windows }
    }
}

impl FailedAttempts {
    /// Asks leave to check a secret. It is counted as failed until it turns out right, so that attempts made at
    /// the same time cannot exceed the limit.
    ///
    /// The address's own count is not asked here: a right secret is never refused for other clients' failures.
    ///
    /// # Errors
    /// [`TooMany`] when this client has failed too often from this address.
    pub fn begin(&self, client: &str, address: IpAddr, now: Timestamp) -> Result<Leave, TooMany> {
        let address = network(address);
        let of_client = self.window(Key::Client(sha256(client.as_bytes()), address), now);
        of_client.lock().count(now, PER_CLIENT)?;
        Ok(Leave { client: of_client, address: self.window(Key::Address(address), now) })
    }

    fn window(&self, key: Key, now: Timestamp) -> Arc<Mutex<Window>> {
        self.windows.get_with(key, || Arc::new(Mutex::new(Window { began: now, failures: 0 })))
    }
}

impl Leave {
    /// The secret was right, or could not be checked: nothing is counted.
    pub fn withdraw(self) {
        let mut window = self.client.lock();
        window.failures = window.failures.saturating_sub(1);
    }

    /// The secret was wrong.
    ///
    /// # Errors
    /// [`TooMany`] when the address has failed too often, with any client.
    pub fn failed(self, now: Timestamp) -> Result<(), TooMany> {
        self.address.lock().count(now, PER_ADDRESS)
    }
}

impl Window {
    fn count(&mut self, now: Timestamp, limit: u32) -> Result<(), TooMany> {
        // A clock that was set back must not lock a client out: a window from the future is over.
        let age = u64::try_from(now.0 - self.began.0).map_or(WINDOW, Duration::from_micros);
        if age >= WINDOW {
            *self = Self { began: now, failures: 0 };
        }
        if self.failures >= limit {
            return Err(TooMany { retry_after: WINDOW.saturating_sub(age) });
        }
        self.failures += 1;
        Ok(())
    }
}

/// IPv6 by its /64: one host has all of it to choose from.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000_000);
    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    fn fail(attempts: &FailedAttempts, client: &str, address: IpAddr) -> Result<(), TooMany> {
        attempts.begin(client, address, NOW)?.failed(NOW)
    }

    #[test]
    fn a_client_may_fail_thirty_times_a_minute_from_one_address() {
        let attempts = FailedAttempts::default();
        for _ in 0..PER_CLIENT {
            assert_eq!(fail(&attempts, "a", HERE), Ok(()));
        }
        assert_eq!(fail(&attempts, "a", HERE), Err(TooMany { retry_after: WINDOW }));
        assert_eq!(fail(&attempts, "a", THERE), Ok(()));
        assert_eq!(fail(&attempts, "b", HERE), Ok(()));
        assert!(attempts.begin("a", HERE, NOW.plus_secs(59)).is_err());
        assert!(attempts.begin("a", HERE, NOW.plus_secs(60)).is_ok());
    }

    #[test]
    fn right_secrets_are_not_counted() {
        let attempts = FailedAttempts::default();
        for _ in 0..PER_CLIENT * 2 {
            attempts.begin("a", HERE, NOW).unwrap().withdraw();
        }
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let attempts = FailedAttempts::default();
        for _ in 0..PER_CLIENT {
            attempts.begin("a", HERE, NOW).unwrap().failed(NOW).unwrap();
        }
        assert!(attempts.begin("a", HERE, Timestamp(NOW.0 - 3_600_000_000)).is_ok());
    }

    #[test]
    fn attempts_at_the_same_time_cannot_exceed_the_limit() {
        let attempts = FailedAttempts::default();
        let running: Vec<_> =
            (0..PER_CLIENT).map(|_| attempts.begin("a", HERE, NOW).unwrap()).collect();
        assert!(attempts.begin("a", HERE, NOW).is_err());
        running.into_iter().for_each(Leave::withdraw);
        attempts.begin("a", HERE, NOW).unwrap().withdraw();
    }

    #[test]
    fn an_address_may_fail_a_hundred_times_and_still_succeed_with_another_client() {
        let attempts = FailedAttempts::default();
        for n in 0..PER_ADDRESS {
            assert_eq!(fail(&attempts, &format!("client-{n}"), HERE), Ok(()));
        }
        assert_eq!(fail(&attempts, "one-more", HERE), Err(TooMany { retry_after: WINDOW }));
        attempts.begin("honest", HERE, NOW).unwrap().withdraw();
    }

    #[test]
    fn the_addresses_of_one_ipv6_network_count_as_one() {
        let attempts = FailedAttempts::default();
        for n in 0..PER_CLIENT {
            fail(&attempts, "a", format!("2001:db8::{n:x}").parse().unwrap()).unwrap();
        }
        assert!(fail(&attempts, "a", "2001:db8::ffff".parse().unwrap()).is_err());
        assert!(fail(&attempts, "a", "2001:db8:0:1::1".parse().unwrap()).is_ok());
        assert!(fail(&attempts, "a", "::ffff:192.0.2.1".parse().unwrap()).is_ok());
    }
}
