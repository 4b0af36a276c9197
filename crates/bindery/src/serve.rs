//! Taking connections and serving them until the server is told to stop.

mod connection;
mod data_dir;
mod offered;
mod patience;
mod running;
pub mod signals;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::middleware::shell::Shell;
pub use data_dir::DataDir;

/// How long running requests may take to finish once the server is told to stop.
pub const DRAIN: Duration = Duration::from_secs(30);

/// A bound address and what is served there.
pub struct Endpoint {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    max_connections: usize,
    send_timeout: Duration,
}

impl Endpoint {
    /// Binds an address. A caller who takes nothing of an answer for `send_timeout` is dropped.
    ///
    /// # Errors
    /// When it is taken or not ours.
    pub async fn bind(
        address: SocketAddr,
        max_connections: usize,
        send_timeout: Duration,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address}; is another server running there? --listen takes another address"))?;
        Ok(Self { listener, tls: None, max_connections, send_timeout })
    }

    /// Speaks HTTPS there.
    #[must_use]
    pub fn with_tls(mut self, tls: Option<TlsAcceptor>) -> Self {
        self.tls = tls;
        self
    }

    /// The address that was bound.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        self.listener.local_addr().context("asking for the address that was bound")
    }

    /// Serves until told to stop, then lets running requests finish. Says whether all did.
    pub async fn serve(self, shell: Shell, stop: CancellationToken) -> bool {
        let running = TaskTracker::new();
        let places = Arc::new(Semaphore::new(self.max_connections));
        let open = metrics::gauge!("bindery_connections");
        let send_timeout = self.send_timeout;
        loop {
            let accepted = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                // A place first: whoever comes when all are taken waits in the kernel's queue.
                accepted = accept(&self.listener, &places) => accepted,
            };
            let Some((stream, peer, place)) = accepted else { continue };
            let (shell, stop, tls, open) =
                (shell.clone(), stop.clone(), self.tls.clone(), open.clone());
            running.spawn(async move {
                open.increment(1.0);
                connection::serve((stream, send_timeout), peer, tls, shell, stop).await;
                open.decrement(1.0);
                drop(place);
            });
        }
        drop(self.listener);
        running.close();
        tokio::time::timeout(DRAIN, running.wait()).await.is_ok()
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, place)),
        Err(error) => {
            // Out of file descriptors, most likely; connections that end make room.
            tracing::warn!(error = %error, "cannot take a connection");
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}
