//! `bindery serve`: runs the server.

mod guard;

use anyhow::{Context, bail};
use bindery_blobs::Blobs;
use bindery_store::{Store, migrate};
use tokio_util::sync::CancellationToken;

use super::{Exit, Place, open, print};
use crate::app::App;
use crate::config::{Config, DatabaseConfig, ServerConfig};
use crate::middleware::shell::Shell;
use crate::router;
use crate::serve::signals::stop_on_signal;
use crate::serve::{DataDir, Endpoint};
use crate::telemetry::Telemetry;
use crate::tls::Certificates;

/// Connections that the address of the metrics serves at once.
const METRICS_CONNECTIONS: usize = 64;

/// Runs the server until it is told to stop.
///
/// # Errors
/// When it cannot start.
pub async fn run(mut config: Config) -> anyhow::Result<Exit> {
    let stop = stop_on_signal().context("asking to be told of signals")?;
    guard::raise_open_files(config.server.max_connections);
    let telemetry = Telemetry::install().context("beginning to measure")?;
    DataDir::make(&config.place)?;
    // Nodes that share a database may share the folder of the stored files, too.
    let is_alone = config.place.database == DatabaseConfig::Embedded;
    let _locked = is_alone.then(|| DataDir::lock(&config.place)).transpose()?;
    let Place { store, blobs } = open::connect(&config.place).await?;
    bring_up_to_date(&config, &store).await?;
    guard::check_demo(&config, &store).await?;
    tell_abilities(&blobs).await?;

    let tls = config.server.tls.clone().map(Certificates::read).transpose()?;
    let acceptor = tls.as_ref().map(Certificates::acceptor).transpose()?;
    let ServerConfig { listen, max_connections, send_timeout, .. } = config.server;
    let endpoint = Endpoint::bind(listen, max_connections, send_timeout).await?.with_tls(acceptor);
    config.server.got_address(endpoint.address()?);
    let app = App::open(config, store, blobs, Some(telemetry)).await?;
    app.start_jobs();
    if let Some(certificates) = tls {
        tokio::spawn(certificates.watch());
    }
    let metrics = metrics_endpoint(&app).await?;
    guard::tell_what_to_do_when_empty(&app).await?;
    guard::warn_of_unreachable_links(&app.config);

    print(&format!("listening on {}://{}", app.config.server.scheme(), app.config.server.listen))?;
    let previews = app.start_previews(&stop).await?;
    let shell = Shell::new(router::routes(&app), &app.config.server);
    let metrics = tokio::spawn(serve_metrics(metrics, app.clone(), stop.clone()));
    if !endpoint.serve(shell, stop).await {
        tracing::warn!("some requests did not finish in time");
    }
    previews.ended().await;
    _ = metrics.await;
    tracing::info!("stopped");
    Ok(Exit::Done)
}

/// Finds out what an S3 storage can do: storages differ, and one that takes nothing is found out before a caller is.
async fn tell_abilities(blobs: &Blobs) -> anyhow::Result<()> {
    let Some(s3) = blobs.s3() else { return Ok(()) };
    let abilities = s3.abilities().await.context(
        "the storage of --storage does not work; bucket, endpoint and credentials must fit",
    )?;
    let has = |ability| if ability { "yes" } else { "no" };
    tracing::info!(
        event = "storage",
        sha256 = abilities.sha256,
        conditional_put = abilities.conditional_put,
        "the storage works; it checks and shows SHA-256: {}; it knows If-None-Match: {}",
        has(abilities.sha256),
        has(abilities.conditional_put),
    );
    Ok(())
}

async fn bring_up_to_date(config: &Config, store: &Store) -> anyhow::Result<()> {
    let pending = migrate::status(store).await?.pending;
    if pending.is_empty() {
        return Ok(());
    }
    let is_embedded = config.place.database == DatabaseConfig::Embedded;
    if !is_embedded && !config.server.migrate {
        bail!(
            "the schema of the database is of an older version; run `bindery migrate`, or start with --migrate"
        );
    }
    if let Some(copy) =
        migrate::copy_before(store).await.context("copying the database before the change")?
    {
        tracing::info!("copied the database to {}", copy.display());
    }
    migrate::apply(store).await.context("changing the schema")?;
    Ok(())
}

async fn metrics_endpoint(app: &App) -> anyhow::Result<Option<Endpoint>> {
    match app.config.server.metrics_listen {
        None => Ok(None),
        Some(address) => {
            let send_timeout = app.config.server.send_timeout;
            let endpoint = Endpoint::bind(address, METRICS_CONNECTIONS, send_timeout)
                .await
                .context("metrics_listen")?;
            tracing::info!("metrics on http://{}/metrics", endpoint.address()?);
            Ok(Some(endpoint))
        }
    }
}

async fn serve_metrics(endpoint: Option<Endpoint>, app: App, stop: CancellationToken) {
    if let Some(endpoint) = endpoint {
        let shell = Shell::new(router::metrics_routes(&app), &app.config.server);
        _ = endpoint.serve(shell, stop).await;
    }
}
