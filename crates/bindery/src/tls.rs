//! HTTPS in the server itself. The certificate's files are read again when they change.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use parking_lot::RwLock;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::TlsFiles;

const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The certificate that is served at present, and where it comes from.
#[derive(Debug)]
pub struct Certificates {
    files: TlsFiles,
    provider: Arc<CryptoProvider>,
    present: RwLock<Present>,
}

#[derive(Debug)]
struct Present {
    key: Arc<CertifiedKey>,
    content: Content,
}

/// The files as they were read: compared whole, since a renewed file may have the size and time of the old one.
#[derive(Debug, PartialEq, Eq)]
struct Content(Vec<u8>, Vec<u8>);

impl Certificates {
    /// Reads the files.
    ///
    /// # Errors
    /// When they cannot be read, are no PEM, or do not belong together.
    pub fn read(files: TlsFiles) -> anyhow::Result<Arc<Self>> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let content = Content::read(&files)?;
        let key = content.parse(&provider)?;
        Ok(Arc::new(Self { files, provider, present: RwLock::new(Present { key, content }) }))
    }

    /// What takes connections with it.
    ///
    /// # Errors
    /// When the library supports no protocol version.
    pub fn acceptor(self: &Arc<Self>) -> anyhow::Result<TlsAcceptor> {
        let builder = ServerConfig::builder_with_provider(Arc::clone(&self.provider));
        let builder = builder.with_safe_default_protocol_versions().context("setting up TLS")?;
        let mut config = builder.with_no_client_auth().with_cert_resolver(Arc::clone(self) as _);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// Looks at the files again; says whether they changed. What cannot be used changes nothing.
    ///
    /// # Errors
    /// As [`Certificates::read`].
    pub fn refresh(&self) -> anyhow::Result<bool> {
        let content = Content::read(&self.files)?;
        if content == self.present.read().content {
            return Ok(false);
        }
        let key = content.parse(&self.provider)?;
        *self.present.write() = Present { key, content };
        Ok(true)
    }

    /// Follows the files. Never ends.
    pub async fn watch(self: Arc<Self>) {
        let mut is_failing = false;
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let looked = self.refresh();
            match &looked {
                Ok(true) => tracing::info!("the certificate was read again"),
                // A renewal writes one file after the other: only what stays wrong is worth a line.
                Err(error) if !is_failing => {
                    tracing::warn!(
                        error = format!("{error:#}"),
                        "the certificate's files cannot be used, the one before stays"
                    );
                }
                _ => {}
            }
            is_failing = looked.is_err();
        }
    }
}

impl Content {
    fn read(files: &TlsFiles) -> anyhow::Result<Self> {
        let certificate = std::fs::read(&files.certificate)
            .with_context(|| format!("tls_cert: cannot read {}", files.certificate.display()))?;
        let key = std::fs::read(&files.key)
            .with_context(|| format!("tls_key: cannot read {}", files.key.display()))?;
        Ok(Self(certificate, key))
    }

    fn parse(&self, provider: &CryptoProvider) -> anyhow::Result<Arc<CertifiedKey>> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&self.0)
            .collect::<Result<_, _>>()
            .context("tls_cert: the file is no PEM")?;
        if chain.is_empty() {
            bail!("tls_cert: the file has no certificate");
        }
        let key = PrivateKeyDer::from_pem_slice(&self.1)
            .context("tls_key: the file has no private key in PEM")?;
        let certified = CertifiedKey::from_der(chain, key, provider)
            .context("tls_key: the key cannot be used, or is not the certificate's")?;
        Ok(Arc::new(certified))
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.present.read().key))
    }
}

#[cfg(test)]
mod tests;
