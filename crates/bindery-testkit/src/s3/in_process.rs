//! `s3s-fs` in a thread of this process.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use s3s::auth::SimpleAuth;
use s3s::host::SingleDomain;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;

use super::{BUCKET, KEY, S3Place, SECRET};

/// An S3 storage on a free port and a folder of its own; gone when dropped.
pub struct S3Server {
    place: S3Place,
    folder: TempDir,
    _stop: oneshot::Sender<()>,
}

impl S3Server {
    /// Starts a storage with an empty bucket.
    pub fn start() -> Self {
        Self::launch(None, None)
    }

    /// The same, which speaks HTTPS with this certificate and its key, both PEM.
    pub fn start_with_tls(certificate: &str, key: &str) -> Self {
        let certificates = CertificateDer::pem_slice_iter(certificate.as_bytes());
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(aws_lc_rs::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(certificates.collect::<Result<_, _>>().unwrap(), key)
            .unwrap();
        Self::launch(Some(TlsAcceptor::from(Arc::new(config))), None)
    }

    /// The same, where each bucket is a host below this domain. Its address names the domain, which leads nowhere unless
    /// whoever calls knows where it is.
    pub fn start_with_domain(domain: &str) -> Self {
        Self::launch(None, Some(domain))
    }

    fn launch(tls: Option<TlsAcceptor>, domain: Option<&str>) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let host = format!("{}:{port}", domain.unwrap_or("127.0.0.1"));
        if domain.is_some() {
            service.set_host(SingleDomain::new(&host).unwrap());
        }
        let scheme = if tls.is_some() { "https" } else { "http" };
        let (stop, stopped) = oneshot::channel::<()>();
        // A runtime of its own: it serves tests whose runtimes come and go.
        let service = service.build();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, service, tls) => {}
                    _ = stopped => {}
                }
            });
            runtime.shutdown_background();
        });
        Self { place: S3Place::at(format!("{scheme}://{host}")), folder, _stop: stop }
    }

    /// The one that tests share; each works under a prefix of its own.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<S3Server> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// How to reach it.
    pub fn place(&self) -> &S3Place {
        &self.place
    }

    /// The same with a bucket of the caller's own: this storage reads a whole bucket to list a prefix.
    pub fn new_place(&self) -> S3Place {
        let bucket = S3Place::prefix();
        std::fs::create_dir(self.folder.path().join(&bucket)).unwrap();
        S3Place { bucket, ..self.place.clone() }
    }

    /// The folder that its bucket is, one file an object.
    pub fn folder(&self) -> PathBuf {
        self.folder_of(&self.place)
    }

    /// The folder that the bucket of a place is.
    pub fn folder_of(&self, place: &S3Place) -> PathBuf {
        self.folder.path().join(&place.bucket)
    }
}

async fn serve(listener: std::net::TcpListener, service: S3Service, tls: Option<TlsAcceptor>) {
    let listener = TcpListener::from_std(listener).unwrap();
    while let Ok((socket, _)) = listener.accept().await {
        tokio::spawn(connection(socket, service.clone(), tls.clone()));
    }
}

async fn connection(socket: TcpStream, service: S3Service, tls: Option<TlsAcceptor>) {
    match tls {
        None => answer(socket, service).await,
        // Whoever does not believe the certificate hangs up.
        Some(tls) => {
            if let Ok(socket) = tls.accept(socket).await {
                answer(socket, service).await;
            }
        }
    }
}

async fn answer(socket: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, service: S3Service) {
    let server = auto::Builder::new(TokioExecutor::new());
    let _ = server.serve_connection(TokioIo::new(socket), service).await;
}
