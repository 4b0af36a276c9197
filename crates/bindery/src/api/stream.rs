//! Lists that have no paging: written piece by piece, in bounded memory however long they are.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::json::JsonText;
use super::problem::ApiError;

/// How many rows one piece has. Enough that most lists are one piece, few enough to hold.
pub(crate) const PIECE: i64 = 500;

/// One piece of a list: its items as JSON with commas between them, and where the next piece begins.
pub(crate) struct Piece<C> {
    /// The items, without brackets.
    pub(crate) items: JsonText,
    /// Where the next piece begins; `None` after the last.
    pub(crate) next: Option<C>,
}

/// Whether the list holds presigned URLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caching {
    /// Caches may keep it.
    Allowed,
    /// No cache may keep it.
    Forbidden,
}

/// Answers a JSON array. `read` gives the piece that begins at a place (`None`: the first).
///
/// The first piece is read before the answer begins, so that its errors are answers of their own. A later error
/// breaks the connection: the caller sees an answer cut short, never a list that looks whole.
pub(crate) async fn answer<C, F, Fut>(caching: Caching, read: F) -> Result<Response, ApiError>
where
    C: Send + 'static,
    F: Fn(Option<C>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Piece<C>, ApiError>> + Send,
{
    let first = read(None).await?;
    let mut response = match first.next {
        None => first.items.into_array().into_answer(),
        Some(next) => in_pieces(first.items, next, read),
    };
    if caching == Caching::Forbidden {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

fn in_pieces<C, F, Fut>(first: JsonText, next: C, read: F) -> Response
where
    C: Send + 'static,
    F: Fn(Option<C>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Piece<C>, ApiError>> + Send,
{
    let mut text = vec![b'['];
    text.extend(first.into_bytes());
    let start = State { ready: Some(text), next: Some(next), read };
    let body = Body::from_stream(stream::try_unfold(start, |mut state| async move {
        if let Some(ready) = state.ready.take() {
            return Ok(Some((Bytes::from(ready), state)));
        }
        let Some(place) = state.next.take() else { return Ok(None) };
        let piece = (state.read)(Some(place))
            .await
            .map_err(|_| std::io::Error::other("the list broke off"))?;
        let items = piece.items.into_bytes();
        let mut text = Vec::with_capacity(items.len() + 2);
        if !items.is_empty() {
            text.push(b',');
            text.extend(items);
        }
        if piece.next.is_none() {
            text.push(b']');
        }
        state.next = piece.next;
        Ok::<_, std::io::Error>(Some((Bytes::from(text), state)))
    }));
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

struct State<C, F> {
    ready: Option<Vec<u8>>,
    next: Option<C>,
    read: F,
}
