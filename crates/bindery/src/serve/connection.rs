//! One connection from its first byte to its end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::time::Duration;

use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::offered::{Requests, offered};
use super::patience::Patient;
use super::running::Running;
use crate::middleware::shell::Shell;

/// How long a caller may take for the head of a request, and how long a connection may idle between two.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// How long a caller may take for the first byte and for the handshake of TLS.
const HELLO_TIME: Duration = Duration::from_secs(10);
/// How long the last bytes of an answer may take to leave once the server is told to stop.
const LAST_BYTES: Duration = Duration::from_secs(3);
/// The longest head of a request, and the largest piece of a body that is read at once: what fits the cache of a core is
/// taken from the network and handed on without a way through the memory.
const BUFFER: usize = 128 * 1024;
/// Requests that one HTTP/2 connection may run at the same time.
const MAX_STREAMS: u32 = 128;

/// Serves a connection until its end; once told to stop, until the request that runs is answered. A caller who takes
/// nothing of an answer for so long is dropped.
pub(super) async fn serve(
    (stream, send_timeout): (TcpStream, Duration),
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    shell: Shell,
    stop: CancellationToken,
) {
    // Answers go out at once; they are written in one piece.
    _ = stream.set_nodelay(true);
    let greeting = async {
        match tls {
            None => {
                let is_http2 = speaks_http2(&stream).await?;
                Ok((Either::Plain(stream), is_http2))
            }
            Some(tls) => {
                let stream = tls.accept(stream).await?;
                let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                Ok::<_, io::Error>((Either::Tls(Box::new(stream)), is_http2))
            }
        }
    };
    let greeted = tokio::select! {
        () = stop.cancelled() => return,
        greeted = timeout(HELLO_TIME, greeting) => greeted,
    };
    match greeted {
        Ok(Ok((Either::Plain(stream), is_http2))) => {
            speak((stream, send_timeout), is_http2, peer, shell, stop).await
        }
        Ok(Ok((Either::Tls(stream), is_http2))) => {
            speak((*stream, send_timeout), is_http2, peer, shell, stop).await
        }
        Ok(Err(error)) => {
            tracing::debug!(address = %peer.ip(), error = %error, "a connection failed to begin")
        }
        Err(_) => tracing::debug!(address = %peer.ip(), "a connection did not begin in time"),
    }
}

enum Either {
    Plain(TcpStream),
    Tls(Box<tokio_rustls::server::TlsStream<TcpStream>>),
}

async fn speak<S>(
    (stream, send_timeout): (S, Duration),
    is_http2: bool,
    peer: SocketAddr,
    shell: Shell,
    stop: CancellationToken,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let running = Running::default();
    let run = running.clone();
    let service = service_fn(move |request: http::Request<Incoming>| {
        let (shell, run) = (shell.clone(), run.begin());
        async move {
            let response = shell.answer(peer, request.map(Body::new)).await;
            Ok::<_, Infallible>(response.map(|body| run.until_sent(offered(body))))
        }
    });
    let io = TokioIo::new(Patient::new(stream, send_timeout));
    // Two arms alike: the two connection types share no trait.
    let ended = if is_http2 {
        let requests = Requests { limit: send_timeout };
        let mut http2 = hyper::server::conn::http2::Builder::new(requests);
        http2.timer(TokioTimer::new()).max_concurrent_streams(MAX_STREAMS);
        http2.keep_alive_interval(HEAD_TIME).keep_alive_timeout(HELLO_TIME);
        let mut connection = pin!(http2.serve_connection(io, service));
        tokio::select! {
            ended = connection.as_mut() => ended,
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                finish(connection, &running).await
            }
        }
    } else {
        let mut http1 = hyper::server::conn::http1::Builder::new();
        http1.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(BUFFER);
        let mut connection = pin!(http1.serve_connection(io, service));
        tokio::select! {
            ended = connection.as_mut() => ended,
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                finish(connection, &running).await
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(address = %peer.ip(), error = %error, "a connection broke");
    }
}

/// Lets running requests finish; leaves a caller alone who has only said half a head.
async fn finish<C>(mut connection: Pin<&mut C>, running: &Running) -> hyper::Result<()>
where
    C: Future<Output = hyper::Result<()>>,
{
    loop {
        match timeout(LAST_BYTES, connection.as_mut()).await {
            Ok(ended) => return ended,
            Err(_) if running.is_idle() => return Ok(()),
            Err(_) => {}
        }
    }
}

/// Whether the caller begins with the preface of HTTP/2 (RFC 9113, section 3.4). Takes nothing from the stream.
async fn speaks_http2(stream: &TcpStream) -> io::Result<bool> {
    const PREFACE: &[u8] = b"PRI * HTTP/2.0";
    let mut begin = [0; PREFACE.len()];
    loop {
        let seen = stream.peek(&mut begin).await?;
        if seen == 0 || begin[..seen] != PREFACE[..seen] {
            return Ok(false);
        }
        if seen == PREFACE.len() {
            return Ok(true);
        }
        // A preface in pieces is all but unheard of, and peeking would answer the same piece at once.
        sleep(Duration::from_millis(5)).await;
    }
}
