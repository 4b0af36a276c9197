//! Being told to stop.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A token that is cancelled by SIGTERM or SIGINT. A second one ends the process at once.
///
/// # Errors
/// When the system refuses to tell us of signals.
pub fn stop_on_signal() -> std::io::Result<CancellationToken> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = term.recv() => {}
                _ = int.recv() => {}
            }
            if told.is_cancelled() {
                tracing::warn!("told to stop a second time, stopping at once");
                std::process::exit(1);
            }
            tracing::info!("told to stop: finishing what runs");
            told.cancel();
        }
    });
    Ok(stop)
}
