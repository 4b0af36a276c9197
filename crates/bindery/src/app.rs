//! What every request shares.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use bindery_store::Store;
use bindery_store::schema::SchemaCache;
use bytes::Bytes;

use crate::access::RateLimits;
use crate::actions::RunningKeys;
use crate::clock::Clock;
use crate::config::Config;
use crate::identity::Identity;
use crate::links::Links;
use crate::router;

/// Everything that requests share. Cheap to clone: one reference count.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    parts: Parts,
    openapi: OnceLock<Bytes>,
}

/// The parts of an [`App`].
pub struct Parts {
    /// The settings, valid as a whole.
    pub config: Config,
    /// The rows.
    pub store: Store,
    /// Who may call.
    pub identity: Identity,
    /// How often.
    pub limits: RateLimits,
    /// Presigned URLs.
    pub links: Links,
    /// Metadata schemas read before.
    pub schemas: SchemaCache,
    /// Idempotency keys whose call is running.
    pub running_keys: RunningKeys,
    /// The time.
    pub clock: Clock,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Shared { parts, openapi: OnceLock::new() }))
    }

    /// The OpenAPI document as it is served.
    #[must_use]
    pub fn openapi_json(&self) -> Bytes {
        let write =
            || router::routes(self).document.to_pretty_json().map(Bytes::from).unwrap_or_default();
        self.0.openapi.get_or_init(write).clone()
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}
