//! What every request shares.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use anyhow::Context;
use axum::extract::FromRef;
use bindery_blobs::Blobs;
use bindery_preview::{Office, Worker, WorkerLimits};
use bindery_store::Store;
use bindery_store::schema::SchemaCache;
use bytes::Bytes;
use tokio_util::sync::CancellationToken;

use crate::access::RateLimits;
use crate::actions::RunningKeys;
use crate::clock::Clock;
use crate::config::{Config, DatabaseConfig};
use crate::identity::{self, Identity, IdentitySettings};
use crate::jobs;
use crate::links::Links;
use crate::portal::Policy;
use crate::previews::{self, Bell, Pool, Running};
use crate::router;
use crate::sandbox::Sandboxes;
use crate::telemetry::Telemetry;
use crate::transfer::{Transfer, TransferLimits};

/// Everything that requests share. Cheap to clone: one reference count.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    parts: Parts,
    openapi_json: OnceLock<Bytes>,
    openapi_yaml: OnceLock<Bytes>,
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
    /// The bytes.
    pub blobs: Blobs,
    /// Sandboxes of visitors.
    pub sandboxes: Sandboxes,
    /// What pages of the developer portal may load.
    pub portal_policy: Policy,
    /// Wakes the workers that make previews, and those who wait for them.
    pub bell: Bell,
    /// What was measured; absent where nothing measures.
    pub telemetry: Option<Telemetry>,
    /// The time.
    pub clock: Clock,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let (openapi_json, openapi_yaml) = (OnceLock::new(), OnceLock::new());
        Self(Arc::new(Shared { parts, openapi_json, openapi_yaml }))
    }

    /// Opens what a server needs beside its rows and bytes.
    ///
    /// # Errors
    /// When the database cannot be used, or holds a key that cannot be read.
    pub async fn open(
        config: Config,
        store: Store,
        blobs: Blobs,
        telemetry: Option<Telemetry>,
    ) -> anyhow::Result<Self> {
        let clock = Clock::system();
        let identity = Identity::open(
            store.clone(),
            IdentitySettings {
                issuer: config.server.public_url.clone(),
                algorithm: config.identity.signing_algorithm,
                token_expiry: config.identity.token_expiry,
            },
            clock.now(),
        )
        .await?;
        let stored_at =
            config.transfer.storage_public_url.as_ref().unwrap_or(&config.server.public_url);
        let links =
            Links::load(&store, stored_at).await.context("reading the key of presigned URLs")?;
        Ok(Self::new(Parts {
            identity,
            limits: RateLimits::new(config.limits.rate_limit),
            links,
            schemas: SchemaCache::default(),
            running_keys: RunningKeys::default(),
            bell: Bell::default(),
            blobs,
            sandboxes: Sandboxes::new(config.sandbox.clone()),
            portal_policy: Policy::of_site(config.transfer.storage_public_url.as_deref()),
            telemetry,
            clock,
            config,
            store,
        }))
    }

    /// Starts what runs beside the requests: each ends with the runtime.
    pub fn start_jobs(&self) {
        let clock = self.clock.clone();
        tokio::spawn(identity::watch(self.identity.clone(), move || clock.now()));
        if !self.store.has_one_writer() {
            tokio::spawn(jobs::seal_journal::seal_journal(self.store.clone()));
        }
        let transfer = Transfer::from_ref(self);
        tokio::spawn(jobs::sweep_sandboxes::sweep(transfer.clone()));
        if self.config.sandbox.is_offered {
            let sandboxes = self.sandboxes.clone();
            // The first visitor need not wait for it.
            tokio::spawn(async move { _ = sandboxes.template().await });
        }
        let is_alone = self.config.place.database == DatabaseConfig::Embedded;
        tokio::spawn(async move {
            if is_alone && let Err(error) = jobs::sweep_uploads::reopen_interrupted(&transfer).await
            {
                tracing::error!(
                    error = format!("{error:#}"),
                    "opening uploads that were interrupted"
                );
            }
            jobs::sweep(transfer).await;
        });
        if let Some(telemetry) = &self.telemetry {
            tokio::spawn(telemetry.clone().sweep());
        }
        tokio::spawn(previews::watch_backlog(self.store.clone(), self.clock.clone()));
    }

    /// Starts the workers that make previews; they end when told to stop.
    ///
    /// # Errors
    /// When the program of the workers cannot be found.
    pub async fn start_previews(&self, stop: &CancellationToken) -> anyhow::Result<Running> {
        if self.config.place.database == DatabaseConfig::Embedded {
            jobs::release_previews::release_previews(&self.store, self.clock.now()).await?;
        }
        // Not its path: another version may have been installed there since this one began.
        let program = PathBuf::from("/proc/self/exe");
        let mut worker = Worker::new(program, WorkerLimits::default());
        if let Some(soffice) = self.config.previews.office.clone() {
            worker = worker.with_office(Office::new(soffice));
        }
        let pool = Pool::new(self, worker);
        Ok(pool.start(self.config.previews.workers, stop))
    }

    /// The OpenAPI document as it is served, in JSON.
    #[must_use]
    pub fn openapi_json(&self) -> Bytes {
        let write = || {
            let document = router::document(&self.config.server.public_url);
            document.to_pretty_json().map(Bytes::from).unwrap_or_default()
        };
        self.0.openapi_json.get_or_init(write).clone()
    }

    /// The same document in YAML.
    #[must_use]
    pub fn openapi_yaml(&self) -> Bytes {
        let write = || {
            let document = router::document(&self.config.server.public_url);
            document.to_yaml().map(Bytes::from).unwrap_or_default()
        };
        self.0.openapi_yaml.get_or_init(write).clone()
    }
}

impl FromRef<App> for Transfer {
    fn from_ref(app: &App) -> Self {
        Self {
            store: app.store.clone(),
            blobs: app.blobs.clone(),
            links: app.links.clone(),
            clock: app.clock.clone(),
            limits: TransferLimits::of(&app.config.transfer),
            rate_limits: app.limits.clone(),
            bell: app.bell.clone(),
        }
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}
