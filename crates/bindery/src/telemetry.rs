//! What the server measures, for Prometheus.

mod meanings;
mod requests;

use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

pub(crate) use requests::RequestMeters;

/// Latencies from half a millisecond to half a minute; names of such histograms end with `_seconds`.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];
/// Histograms keep each value until they are swept into their buckets.
const SWEEP: Duration = Duration::from_secs(5);

/// What was measured so far. Cheap to clone.
#[derive(Clone)]
pub struct Telemetry(PrometheusHandle);

impl Telemetry {
    /// Begins to measure, once in a process.
    ///
    /// # Errors
    /// When something measures already.
    pub fn install() -> Result<Self, BuildError> {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?;
        let handle = builder.install_recorder()?;
        meanings::describe();
        metrics::gauge!("bindery_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        Ok(Self(handle))
    }

    /// Everything in Prometheus' text format.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Keeps memory bounded between two scrapes. Never ends.
    pub async fn sweep(self) {
        let mut interval = tokio::time::interval(SWEEP);
        loop {
            interval.tick().await;
            self.0.run_upkeep();
        }
    }
}
