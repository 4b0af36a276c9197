use std::fs;
use std::path::Path;

use rcgen::{CertifiedKey as Generated, generate_simple_self_signed};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

use super::*;

/// Writes a fresh pair and returns its certificate.
fn renew(folder: &Path) -> CertificateDer<'static> {
    let Generated { cert, signing_key } =
        generate_simple_self_signed(vec!["bindery.test".to_owned()]).unwrap();
    fs::write(folder.join("cert.pem"), cert.pem()).unwrap();
    fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
    cert.der().clone()
}

fn files(folder: &Path) -> TlsFiles {
    TlsFiles { certificate: folder.join("cert.pem"), key: folder.join("key.pem") }
}

/// Shakes hands with a client that trusts this certificate alone; says which protocol was agreed on.
async fn handshake(
    certificates: &Arc<Certificates>,
    trusted: &CertificateDer<'static>,
) -> Option<Vec<u8>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap();
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let (ours, theirs) = tokio::io::duplex(16 * 1024);
    let name = ServerName::try_from("bindery.test").unwrap();
    let acceptor = certificates.acceptor().unwrap();
    let (client, _) = tokio::join!(
        TlsConnector::from(Arc::new(config)).connect(name, theirs),
        acceptor.accept(ours)
    );
    Some(client.ok()?.get_ref().1.alpn_protocol()?.to_vec())
}

#[tokio::test]
async fn a_renewed_certificate_is_served_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let old = renew(folder.path());
    let certificates = Certificates::read(files(folder.path())).unwrap();
    assert_eq!(handshake(&certificates, &old).await.as_deref(), Some(&b"h2"[..]));
    assert!(!certificates.refresh().unwrap());

    let new = renew(folder.path());
    assert!(certificates.refresh().unwrap());
    assert!(handshake(&certificates, &new).await.is_some());
    assert!(handshake(&certificates, &old).await.is_none());
}

#[tokio::test]
async fn a_half_written_renewal_leaves_the_certificate_before_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let old = renew(folder.path());
    let certificates = Certificates::read(files(folder.path())).unwrap();
    let key = fs::read(folder.path().join("key.pem")).unwrap();
    renew(folder.path());
    fs::write(folder.path().join("key.pem"), &key).unwrap();
    assert!(certificates.refresh().unwrap_err().to_string().contains("is not the certificate's"));
    fs::write(folder.path().join("cert.pem"), "").unwrap();
    assert!(certificates.refresh().is_err());
    assert!(handshake(&certificates, &old).await.is_some());
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let read = || Certificates::read(files(folder.path())).unwrap_err().to_string();
    assert!(read().starts_with("tls_cert: "));
    renew(folder.path());
    fs::write(folder.path().join("key.pem"), "no key").unwrap();
    assert!(read().starts_with("tls_key: "));
}
