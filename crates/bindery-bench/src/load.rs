//! Closed-loop load: so many connections, each sending its next request when the last is answered.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::bail;

use crate::http::Connection;

/// What a load measured.
pub(crate) struct Measured {
    /// How long each call took, sorted.
    times: Vec<Duration>,
    /// How long all of it took.
    wall: Duration,
}

impl Measured {
    /// From times in any order.
    pub(crate) fn new(mut times: Vec<Duration>, wall: Duration) -> Self {
        times.sort_unstable();
        Self { times, wall }
    }

    /// Calls answered in a second.
    pub(crate) fn per_second(&self) -> f64 {
        count(self.times.len()) / self.wall.as_secs_f64()
    }

    /// The time below which so many of a hundred calls stay, in milliseconds.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let place = (self.times.len() * percent / 100).min(self.times.len().saturating_sub(1));
        self.times.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    }
}

/// Sends the requests in turn over so many connections for so long.
pub(crate) async fn run(
    address: &str,
    connections: usize,
    length: Duration,
    requests: Arc<Vec<Vec<u8>>>,
) -> anyhow::Result<Measured> {
    let begun = Instant::now();
    let mut running = Vec::new();
    for number in 0..connections {
        let (address, requests) = (address.to_owned(), requests.clone());
        running.push(tokio::spawn(async move {
            let mut connection = Connection::open(&address).await?;
            let (mut times, mut next) = (Vec::new(), number * 7919);
            while begun.elapsed() < length {
                let request = &requests[next % requests.len()];
                next += 1;
                let sent = Instant::now();
                let answer = connection.call(request).await?;
                times.push(sent.elapsed());
                if answer.status != 200 {
                    bail!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
                }
            }
            Ok(times)
        }));
    }
    let mut times = Vec::new();
    for task in running {
        times.extend(task.await??);
    }
    Ok(Measured::new(times, begun.elapsed()))
}

#[expect(clippy::cast_precision_loss, reason = "counts of calls are far below 2^52")]
fn count(n: usize) -> f64 {
    n as f64
}
