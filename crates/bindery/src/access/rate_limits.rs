//! How often each client may call: buckets of one size for API calls, token requests and presigned URLs, apart.

use std::sync::Arc;

use bindery_domain::Timestamp;
use http::{HeaderMap, HeaderName, HeaderValue};
use moka::sync::Cache;

use super::bucket::{Bucket, Left};
use crate::config::RateLimit;
use crate::identity::whole_secs;

/// Clients whose buckets are remembered. An evicted bucket is a full one: a client more than these is not limited,
/// but no memory is lost to it.
const REMEMBERED: u64 = 100_000;

static LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
static REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
static RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// The buckets of a node. Clones share them.
#[derive(Clone)]
pub struct RateLimits {
    quota: RateLimit,
    calls: Buckets,
    tokens: Buckets,
    links: Buckets,
}

type Buckets = Cache<String, Arc<Bucket>>;

impl RateLimits {
    /// Makes full buckets of that size.
    #[must_use]
    pub fn new(quota: RateLimit) -> Self {
        // A bucket that was left alone for a period is full, so it can be forgotten.
        let buckets =
            || Cache::builder().max_capacity(REMEMBERED).time_to_idle(quota.period).build();
        Self { quota, calls: buckets(), tokens: buckets(), links: buckets() }
    }

    /// Takes one call under `/api` from the client's bucket.
    pub fn take_call(&self, client: &str, now: Timestamp) -> Left {
        self.take(&self.calls, client, now)
    }

    /// Takes one token request from the client's bucket.
    pub fn take_token(&self, client: &str, now: Timestamp) -> Left {
        self.take(&self.tokens, client, now)
    }

    /// Takes one use of a presigned URL from the bucket of the client that it was made for.
    pub fn take_link(&self, client: &str, now: Timestamp) -> Left {
        self.take(&self.links, client, now)
    }

    fn take(&self, buckets: &Buckets, client: &str, now: Timestamp) -> Left {
        let bucket = buckets.get(client);
        let bucket = bucket
            .unwrap_or_else(|| buckets.get_with_by_ref(client, || Arc::new(Bucket::default())));
        bucket.take(self.quota, now)
    }
}

impl Left {
    /// Writes the `RateLimit-*` headers of an answer.
    pub fn write(&self, headers: &mut HeaderMap) {
        headers.insert(&LIMIT, HeaderValue::from(self.limit));
        headers.insert(&REMAINING, HeaderValue::from(self.remaining));
        headers.insert(&RESET, HeaderValue::from(whole_secs(self.reset)));
    }
}
