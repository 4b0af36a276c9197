//! How the server is reached.

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;

/// How the server is reached.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerConfig {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Where `/metrics` is served instead of beside the API.
    pub metrics_listen: Option<SocketAddr>,
    /// What presigned URLs, the token issuer and discovery are built from; without a slash at the end.
    /// Set from the listen address when the operator gave none.
    pub public_url: String,
    /// Certificate and key, when the server itself speaks HTTPS.
    pub tls: Option<TlsFiles>,
    /// Whose `X-Forwarded-*` headers count.
    pub trusted_proxies: Vec<IpNet>,
    /// Which browser pages may call: origins, or `*`.
    pub cors_origins: Vec<String>,
    /// How many connections are served at once; further ones wait.
    pub max_connections: usize,
    /// Serve a demonstration organization, whose secret is public, beyond this machine.
    pub allow_demo: bool,
}

/// Files in PEM form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate and what leads from it to a root.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            metrics_listen: None,
            public_url: "http://127.0.0.1:8080".into(),
            tls: None,
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            max_connections: 10_000,
            allow_demo: false,
        }
    }
}
