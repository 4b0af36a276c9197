//! What a server keeps in memory for its sandboxes.

use std::net::IpAddr;
use std::sync::Arc;

use bindery_domain::{OrganizationId, Timestamp};
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};
use tokio::task::spawn_blocking;

use crate::access::RateLimits;
use crate::access::bucket::Left;
use crate::config::SandboxConfig;
use crate::demo::sandbox::Template;
use crate::identity::network;

/// Sandboxes that are filled at once: each takes a share of a core and of the disk.
const AT_ONCE: usize = 2;
/// Versions that a sandbox may have, its examples and what its upload URLs may bring included.
pub(crate) const MOST_VERSIONS: i64 = 2_000;
/// A file may take this share of a sandbox's storage.
const SHARE_OF_FILE: u64 = 20;

/// The template of the sandboxes, and how often visitors may ask. Clones share it.
#[derive(Clone)]
pub struct Sandboxes(Arc<Inner>);

struct Inner {
    config: SandboxConfig,
    template: OnceCell<Arc<Template>>,
    rate: RateLimits,
    places: Semaphore,
}

impl Sandboxes {
    /// Makes it as the settings say; the template is made when it is needed.
    #[must_use]
    pub fn new(config: SandboxConfig) -> Self {
        let rate = RateLimits::new(config.rate);
        let (template, places) = (OnceCell::new(), Semaphore::new(AT_ONCE));
        Self(Arc::new(Inner { config, template, rate, places }))
    }

    /// The settings.
    pub(crate) fn config(&self) -> &SandboxConfig {
        &self.0.config
    }

    /// The largest file that a sandbox takes.
    pub(crate) fn most_file_bytes(&self) -> u64 {
        self.0.config.storage_bytes / SHARE_OF_FILE
    }

    /// What every sandbox begins with.
    pub(crate) async fn template(&self) -> anyhow::Result<Arc<Template>> {
        let make = || async { spawn_blocking(|| Arc::new(Template::make())).await };
        Ok(Arc::clone(self.0.template.get_or_try_init(make).await?))
    }

    /// Takes one making of a sandbox from the bucket of the address's network.
    pub(crate) fn take_opening(&self, address: IpAddr, now: Timestamp) -> Left {
        self.0.rate.take_call(&network(address).to_string(), now)
    }

    /// Takes one resetting from the sandbox's bucket.
    pub(crate) fn take_reset(&self, organization: OrganizationId, now: Timestamp) -> Left {
        self.0.rate.take_token(&organization.to_string(), now)
    }

    /// Waits for the turn to fill a sandbox.
    pub(crate) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.0.places.acquire().await.ok()
    }
}
