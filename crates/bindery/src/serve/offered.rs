//! Answers over HTTP/2 of which the caller takes nothing.
//!
//! The caller of an HTTP/2 connection decides for each answer how much may come (RFC 9113, section 5.2). One that allows
//! nothing, and keeps the connection alive, would hold the answer, its file and its memory for as long as it likes. Such an
//! answer is reset; the others of the connection go on, for they may be those of other callers behind the same proxy.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use hyper::rt::Executor;
use parking_lot::Mutex;
use tokio::time::{Instant, sleep, sleep_until};

/// The most bytes that are offered at a time, the size of a frame (RFC 9113, section 4.2): progress is seen by them, and no
/// more than this of an answer waits inside of the connection.
const PIECE: usize = 16 * 1024;

tokio::task_local! {
    static OFFER: Offer;
}

/// Since when a piece of an answer waits for its caller; `None` while the answer is ours to make.
#[derive(Debug, Clone, Default)]
struct Offer(Arc<Mutex<Option<Instant>>>);

impl Offer {
    fn set(&self, since: Option<Instant>) {
        *self.0.lock() = since;
    }

    /// Ends once a piece has waited for so long.
    async fn refused(self, limit: Duration) {
        loop {
            let since = *self.0.lock();
            match since.map(|since| since + limit) {
                None => sleep(limit).await,
                Some(end) if end <= Instant::now() => return,
                Some(end) => sleep_until(end).await,
            }
        }
    }
}

/// Runs the requests of a connection, each until it is answered or its caller has taken nothing for the limit.
#[derive(Debug, Clone)]
pub(super) struct Requests {
    pub(super) limit: Duration,
}

impl<F> Executor<F> for Requests
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, request: F) {
        let (offer, limit) = (Offer::default(), self.limit);
        tokio::spawn(OFFER.scope(offer.clone(), async move {
            tokio::select! {
                _ = request => {}
                // Dropping the request resets it.
                () = offer.refused(limit) => tracing::debug!("a caller took nothing of an answer"),
            }
        }));
    }
}

/// The body of an answer as its connection needs it: watched where [`Requests`] runs the request, else as it is.
pub(super) fn offered(body: Body) -> Body {
    match OFFER.try_with(Clone::clone) {
        Ok(offer) => Body::new(OfferedBody { body, offer, rest: Bytes::new() }),
        Err(_) => body,
    }
}

#[derive(Debug)]
struct OfferedBody {
    body: Body,
    offer: Offer,
    /// What is left of the last frame.
    rest: Bytes,
}

impl OfferedBody {
    fn poll_inner(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(context));
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(bytes))) => self.rest = bytes,
                Some(Ok(Err(other))) => return Poll::Ready(Some(Ok(other))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        let piece = self.rest.split_to(self.rest.len().min(PIECE));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

impl http_body::Body for OfferedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        // Asking for more says that the last piece was taken.
        self.offer.set(None);
        let frame = self.poll_inner(context);
        if matches!(frame, Poll::Ready(Some(Ok(_)))) {
            self.offer.set(Some(Instant::now()));
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, inner) = (self.rest.len() as u64, self.body.size_hint());
        let mut hint = SizeHint::new();
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint.set_lower(inner.lower() + rest);
        hint
    }
}
