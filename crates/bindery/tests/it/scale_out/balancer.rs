//! A balancer of TCP connections: each goes to the next node that takes it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// Bound; serves once it knows its nodes.
pub(super) struct Balancer {
    listener: Arc<TcpListener>,
}

impl Balancer {
    pub(super) async fn bind() -> Self {
        Self { listener: Arc::new(TcpListener::bind("127.0.0.1:0").await.unwrap()) }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.listener.local_addr().unwrap())
    }

    /// Takes connections until the test's runtime ends.
    pub(super) fn serve(&self, nodes: Vec<String>) {
        let address = |url: &String| url.strip_prefix("http://").unwrap().parse().unwrap();
        let nodes: Arc<[SocketAddr]> = nodes.iter().map(address).collect();
        let (listener, turn) = (Arc::clone(&self.listener), Arc::new(AtomicUsize::new(0)));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connect(client, Arc::clone(&nodes), Arc::clone(&turn)));
            }
        });
    }
}

async fn connect(mut client: TcpStream, nodes: Arc<[SocketAddr]>, turn: Arc<AtomicUsize>) {
    for _ in 0..nodes.len() {
        let node = nodes[turn.fetch_add(1, Ordering::Relaxed) % nodes.len()];
        if let Ok(mut node) = TcpStream::connect(node).await {
            // Either side may end it.
            let _ = copy_bidirectional(&mut client, &mut node).await;
            return;
        }
    }
}
