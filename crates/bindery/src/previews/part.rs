//! What a job makes of a blob.

use std::fmt;
use std::str::FromStr;

use bindery_domain::{Scope, Timestamp};
use bindery_preview::Task;
use bindery_store::jobs::{self, NewJob, Priority};
use bindery_store::{StoreError, Tx};

/// The kind of job that previews are.
pub const KIND: &str = "preview";

/// What a job makes of a blob: all that is known of it, or one part that somebody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// What it is, its pages, its text, the small picture.
    Overview,
    /// A picture of a page, counted from 1.
    Page(u32),
    /// The tiles of a page, counted from 1.
    Tiles(u32),
}

impl Part {
    /// What the renderers are told.
    pub(crate) fn task(self) -> Task {
        match self {
            Self::Overview => Task::Overview,
            Self::Page(number) => Task::Page { number },
            Self::Tiles(page) => Task::Tiles { page },
        }
    }

    /// Queues the part of a blob, in the transaction that wants it.
    ///
    /// # Errors
    /// As the engine.
    pub async fn enqueue(
        self,
        tx: &Tx,
        scope: &Scope,
        blob_key: i64,
        (priority, created): (Priority, Timestamp),
    ) -> Result<(), StoreError> {
        let subject = self.subject(blob_key);
        let payload = format!("{{\"blob\":{blob_key},\"part\":\"{self}\"}}");
        let new = NewJob { kind: KIND, subject: &subject, payload: &payload, priority, created };
        jobs::enqueue(tx, scope, &new).await
    }

    /// What the job is about: nobody needs the same part of the same blob twice.
    #[must_use]
    pub fn subject(self, blob_key: i64) -> String {
        format!("{blob_key}/{self}")
    }

    /// Reads the payload of a job.
    pub(crate) fn of_payload(payload: &str) -> Option<(i64, Self)> {
        let payload: serde_json::Value = serde_json::from_str(payload).ok()?;
        Some((payload["blob"].as_i64()?, payload["part"].as_str()?.parse().ok()?))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overview => f.write_str("overview"),
            Self::Page(page) => write!(f, "page/{page}"),
            Self::Tiles(page) => write!(f, "tiles/{page}"),
        }
    }
}

impl FromStr for Part {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let part = match text.split_once('/') {
            None if text == "overview" => Self::Overview,
            Some(("page", page)) => Self::Page(page.parse().map_err(|_| ())?),
            Some(("tiles", page)) => Self::Tiles(page.parse().map_err(|_| ())?),
            _ => return Err(()),
        };
        // One spelling for one part: it is a key.
        if part.to_string() == text { Ok(part) } else { Err(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_read_back_from_its_one_spelling() {
        for part in [Part::Overview, Part::Page(1), Part::Tiles(117)] {
            assert_eq!(part.to_string().parse(), Ok(part));
        }
        for wrong in ["", "overview/1", "page", "page/", "page/01", "page/+1", "page/1/2", "PAGE/1"]
        {
            assert_eq!(wrong.parse::<Part>(), Err(()), "{wrong}");
        }
    }
}
