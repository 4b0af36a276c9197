//! How the server is reached.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use super::options::{ConfigError, options};
use super::url::{BaseUrl, Origin};
use super::{List, Period};

options! {
    /// How the server is reached.
    ServerOptions {
        /// Address and port to listen on; port 0 picks a free one [default: 127.0.0.1:8080]
        #[arg(value_name = "ADDR")]
        listen: SocketAddr,
        /// Address and port of /metrics, which is then not served beside the API [default: beside the API]
        #[arg(value_name = "ADDR")]
        metrics_listen: SocketAddr,
        /// Address under which callers reach the server; presigned URLs, the token issuer and discovery are built from it [default: the listen address]
        #[arg(value_name = "URL")]
        public_url: BaseUrl,
        /// Certificate chain in PEM; the server then speaks HTTPS, and reads the file again when it changes [default: none]
        #[arg(value_name = "FILE")]
        tls_cert: PathBuf,
        /// Private key of the certificate in PEM [default: none]
        #[arg(value_name = "FILE")]
        tls_key: PathBuf,
        /// Networks whose X-Forwarded-* headers count, with commas between [default: none]
        #[arg(value_name = "CIDR,…")]
        trusted_proxies: List<IpNet>,
        /// Origins of the browser pages that may call, with commas between, or * for all [default: none]
        #[arg(value_name = "URL,…")]
        cors_origin: List<Origin>,
        /// How many connections are served at once; further ones wait [default: 10000]
        #[arg(value_name = "N")]
        max_connections: usize,
        /// How long a caller may take nothing of an answer before the connection is closed [default: 1m]
        #[arg(value_name = "DURATION")]
        send_timeout: Period,
        /// Listen beyond this machine although there is a demonstration organization, whose secret is public [default: false]
        #[arg(value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_parser = clap::builder::BoolishValueParser::new())]
        allow_demo: bool,
        /// Bring an old schema of a PostgreSQL database up to date at start; the embedded one always is [default: false]
        #[arg(value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_parser = clap::builder::BoolishValueParser::new())]
        migrate: bool,
    }
}

/// How the server is reached.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerConfig {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Where `/metrics` is served instead of beside the API.
    pub metrics_listen: Option<SocketAddr>,
    /// What presigned URLs, the token issuer and discovery are built from; without a slash at the end.
    pub public_url: String,
    /// Whether the operator gave the public URL; otherwise it follows the address that the server got.
    pub is_public_url_given: bool,
    /// Certificate and key, when the server itself speaks HTTPS.
    pub tls: Option<TlsFiles>,
    /// Whose `X-Forwarded-*` headers count.
    pub trusted_proxies: Vec<IpNet>,
    /// Which browser pages may call: origins, or `*`.
    pub cors_origins: Vec<String>,
    /// How many connections are served at once; further ones wait.
    pub max_connections: usize,
    /// How long a caller may take nothing of an answer before the connection is closed.
    pub send_timeout: Duration,
    /// Serve a demonstration organization, whose secret is public, beyond this machine.
    pub allow_demo: bool,
    /// Bring the schema of a PostgreSQL database up to date at start.
    pub migrate: bool,
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
            is_public_url_given: false,
            tls: None,
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            max_connections: 10_000,
            send_timeout: Duration::from_secs(60),
            allow_demo: false,
            migrate: false,
        }
    }
}

impl ServerConfig {
    /// Makes the settings of what was given.
    ///
    /// # Errors
    /// When values do not fit together.
    pub fn resolve(options: ServerOptions) -> Result<Self, ConfigError> {
        let default = Self::default();
        let tls = match (options.tls_cert, options.tls_key) {
            (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
            (None, None) => None,
            (Some(_), None) => {
                return Err(ConfigError::new("tls_key", "is needed beside tls_cert"));
            }
            (None, Some(_)) => {
                return Err(ConfigError::new("tls_cert", "is needed beside tls_key"));
            }
        };
        let listen = options.listen.unwrap_or(default.listen);
        if options.metrics_listen.is_some_and(|metrics| metrics == listen && listen.port() != 0) {
            return Err(ConfigError::new("metrics_listen", "must differ from listen"));
        }
        let max_connections = options.max_connections.unwrap_or(default.max_connections);
        if max_connections == 0 {
            return Err(ConfigError::new("max_connections", "must be at least 1"));
        }
        let send_timeout = options.send_timeout.map_or(default.send_timeout, |period| period.0);
        if send_timeout.is_zero() {
            return Err(ConfigError::new("send_timeout", "must be longer than nothing"));
        }
        let origins = options
            .cors_origin
            .iter()
            .flat_map(|list| &list.0)
            .map(|origin| origin.as_str().to_owned())
            .collect();
        let mut config = Self {
            listen,
            metrics_listen: options.metrics_listen,
            is_public_url_given: options.public_url.is_some(),
            public_url: options.public_url.map(|url| url.as_str().to_owned()).unwrap_or_default(),
            tls,
            trusted_proxies: options.trusted_proxies.map(|list| list.0).unwrap_or_default(),
            cors_origins: origins,
            max_connections,
            send_timeout,
            allow_demo: options.allow_demo.unwrap_or(default.allow_demo),
            migrate: options.migrate.unwrap_or(default.migrate),
        };
        config.got_address(listen);
        Ok(config)
    }

    /// `https` when the server itself speaks it.
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    /// Notes the address that the server listens on: unless the operator gave a public URL, it follows from that.
    pub fn got_address(&mut self, address: SocketAddr) {
        self.listen = address;
        if !self.is_public_url_given {
            self.public_url = format!("{}://{address}", self.scheme());
        }
    }
}
