//! W3C trace ids.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use http::HeaderMap;

/// A W3C trace id: never zero, written as 32 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceId(u128);

impl TraceId {
    /// The trace id of the caller's `traceparent`, or a new one.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        headers
            .get("traceparent")
            .and_then(|value| Self::parse(value.as_bytes()))
            .unwrap_or_else(Self::random)
    }

    /// A new one: unpredictable enough to be unique, and cheaper than asking the kernel for each request.
    #[must_use]
    pub fn random() -> Self {
        static KEYS: LazyLock<(RandomState, RandomState)> = LazyLock::new(Default::default);
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let (high, low) = (KEYS.0.hash_one(n), KEYS.1.hash_one(n));
        Self((u128::from(high) << 64 | u128::from(low)).max(1))
    }

    /// Reads `version-trace-parent-flags` (W3C Trace Context, section 3.2). Later versions may add fields.
    fn parse(header: &[u8]) -> Option<Self> {
        let [version @ .., b'-'] = header.get(..3)? else { return None };
        let version = lower_hex(version)?;
        let rest = header.get(3..55)?;
        let end = header.get(55);
        if version == 0xff
            || (version == 0 && end.is_some())
            || end.is_some_and(|&byte| byte != b'-')
        {
            return None;
        }
        if rest[32] != b'-' || rest[49] != b'-' {
            return None;
        }
        let trace = lower_hex(&rest[..32])?;
        let parent = lower_hex(&rest[33..49])?;
        lower_hex(&rest[50..])?;
        (trace != 0 && parent != 0).then_some(Self(trace))
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

fn lower_hex(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0_u128, |number, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(number << 4 | u128::from(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callers_trace_id_is_kept() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "traceparent",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".parse().unwrap(),
        );
        assert_eq!(TraceId::of(&headers).to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        headers.insert(
            "traceparent",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later".parse().unwrap(),
        );
        assert_eq!(TraceId::of(&headers).to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
    }

    #[test]
    fn a_broken_traceparent_is_as_none() {
        for broken in [
            "",
            "00",
            "00-",
            "00-4bf92f3577b34da6a3ce929d0e0e4736",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
            "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
        ] {
            assert_eq!(TraceId::parse(broken.as_bytes()), None, "{broken}");
        }
        assert_ne!(TraceId::random(), TraceId::random());
        assert_eq!(TraceId::random().to_string().len(), 32);
    }
}
