//! The body of a PUT.

use std::time::Duration;

use axum::body::Body;
use bindery_domain::{FieldErrors, Refusal};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use tokio::time::timeout;

use crate::api::ApiError;

/// A sender that is silent for so long has gone.
const SILENCE: Duration = Duration::from_secs(60);

/// So much of a refused body is still read, so that the sender gets to see the answer.
const DISCARDED_BYTES: u64 = 64 * 1024 * 1024;
const DISCARDED_FOR: Duration = Duration::from_secs(10);

/// A body on its way in.
pub(super) struct Incoming {
    body: Body,
    /// The announced length.
    pub(super) announced: Option<u64>,
    waits_to_begin: bool,
    has_ended: bool,
}

impl Incoming {
    pub(super) fn new(parts: &Parts, body: Body) -> Self {
        let announced = announced_length(&parts.headers);
        let waits_to_begin = parts.headers.contains_key(header::EXPECT);
        Self { body, announced, waits_to_begin, has_ended: false }
    }

    /// Refuses a body that says it is too long.
    pub(super) fn check_announced(&self, limit: u64) -> Result<(), ApiError> {
        match self.announced {
            Some(length) if length > limit => Err(Refusal::TooLarge { limit }.into()),
            _ => Ok(()),
        }
    }

    /// The next bytes; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        self.waits_to_begin = false;
        loop {
            let frame = timeout(SILENCE, self.body.frame()).await;
            match frame {
                Ok(Some(Ok(frame))) => match frame.into_data() {
                    Ok(bytes) => return Ok(Some(bytes)),
                    // Trailers say nothing that counts here.
                    Err(_) => continue,
                },
                Ok(None) => {
                    self.has_ended = true;
                    return Ok(None);
                }
                Ok(Some(Err(_))) | Err(_) => {
                    self.has_ended = true;
                    return Err(FieldErrors::one("$", "the body ended early").into());
                }
            }
        }
    }

    /// All bytes at once.
    pub(super) async fn collect(&mut self, limit: usize) -> Result<Vec<u8>, ApiError> {
        let limit_bytes = limit as u64;
        self.check_announced(limit_bytes)?;
        let mut all = Vec::new();
        while let Some(bytes) = self.next().await? {
            if all.len() + bytes.len() > limit {
                return Err(Refusal::TooLarge { limit: limit_bytes }.into());
            }
            all.extend_from_slice(&bytes);
        }
        Ok(all)
    }

    /// Goes on reading for a while after a refusal: most senders look for the answer only once they have sent all, and
    /// closing on them would cost them the answer. Who asked before sending has sent nothing.
    pub(super) fn discard(mut self) {
        if self.waits_to_begin
            || self.has_ended
            || self.announced.is_some_and(|length| length > DISCARDED_BYTES)
        {
            return;
        }
        tokio::spawn(timeout(DISCARDED_FOR, async move {
            let mut left = DISCARDED_BYTES;
            while let Ok(Some(bytes)) = self.next().await {
                left = left.saturating_sub(bytes.len() as u64);
                if left == 0 {
                    return;
                }
            }
        }));
    }
}

fn announced_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}
