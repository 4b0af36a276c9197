//! Whether the server answers at all.
//!
//! A server that was stopped, or that a network no longer reaches, does not end a statement at its time limit: nobody
//! hears of it again. So one connection asks it every second; when no answer comes, all that waits is told to come back
//! later, and what comes is told at once, until the server answers again.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_postgres::{Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::failure::Failed;

/// Between two questions.
const EVERY: Duration = Duration::from_secs(1);
/// For an answer. A busy server needs some time, a caller should not wait long for a dead one.
const PATIENCE: Duration = Duration::from_secs(4);

/// Tells whether the server answers. Cheap to clone; the questions end with the last one.
#[derive(Clone)]
pub(super) struct Pulse {
    is_lost: watch::Receiver<bool>,
    _asked: Arc<()>,
}

impl Pulse {
    /// Begins to ask.
    pub(super) fn of(config: Config, tls: MakeRustlsConnect) -> Self {
        let (lost, is_lost) = watch::channel(false);
        let asked = Arc::new(());
        tokio::spawn(ask(config, tls, lost, Arc::downgrade(&asked)));
        Self { is_lost, _asked: asked }
    }

    /// Waits for the work, or until the server is known not to answer.
    pub(super) async fn during<T>(
        &self,
        work: impl Future<Output = Result<T, Failed>>,
    ) -> Result<T, Failed> {
        let mut is_lost = self.is_lost.clone();
        // In this order: a server that hangs is not sent yet more connections, which it would have to look at one by one
        // when it goes on.
        tokio::select! {
            biased;
            Ok(()) = async { is_lost.wait_for(|is_lost| *is_lost).await.map(drop) } => {
                Err(Failed::unanswered())
            }
            answer = work => answer,
        }
    }
}

async fn ask(config: Config, tls: MakeRustlsConnect, lost: watch::Sender<bool>, asked: Weak<()>) {
    let mut client: Option<Client> = None;
    while asked.strong_count() > 0 {
        let answer = timeout(PATIENCE, async {
            let connected = match client.take() {
                Some(connected) => connected,
                None => connect(&config, &tls).await?,
            };
            connected.simple_query("").await?;
            Ok::<_, tokio_postgres::Error>(connected)
        });
        // A server that refuses has answered: whoever calls is told why.
        let is_silent = match answer.await {
            Ok(Ok(connected)) => {
                client = Some(connected);
                false
            }
            Ok(Err(_)) => false,
            Err(_) => true,
        };
        let has_changed =
            lost.send_if_modified(|is_lost| std::mem::replace(is_lost, is_silent) != is_silent);
        match (has_changed, is_silent) {
            (true, true) => tracing::error!("the PostgreSQL server does not answer"),
            (true, false) => tracing::info!("the PostgreSQL server answers again"),
            _ => {}
        }
        sleep(EVERY).await;
    }
}

async fn connect(
    config: &Config,
    tls: &MakeRustlsConnect,
) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = config.connect(tls.clone()).await?;
    tokio::spawn(connection);
    Ok(client)
}
