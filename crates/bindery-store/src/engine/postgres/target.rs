//! Where the server is and how it is spoken to: the URL, the password's file, TLS.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::password_file;
use crate::StoreError;

/// A server, and how it is spoken to.
pub(super) struct Target {
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
}

/// What of the URL is about TLS.
#[derive(Debug, Default, PartialEq, Eq)]
struct TlsWish {
    mode: Option<String>,
    root: Option<PathBuf>,
}

impl Target {
    /// Reads a URL as libpq does, with what libpq takes from the environment: `PGPASSWORD`, `PGPASSFILE` (else
    /// `~/.pgpass`) and `PGSSLROOTCERT`.
    ///
    /// # Errors
    /// When the URL or a certificate cannot be used.
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        let (url, wish) = split_tls(url)?;
        let mut config: Config = url.parse().map_err(|error| {
            StoreError::Schema(format!("the database URL is not valid: {error}"))
        })?;
        if config.get_password().is_none()
            && let Some(password) = password_file::find(&config)
        {
            config.password(password);
        }
        let is_near = config.get_hosts().iter().all(is_on_this_machine);
        let encrypts = match wish.mode.as_deref() {
            None => !is_near,
            Some("disable" | "allow" | "prefer") => false,
            Some("require" | "verify-ca" | "verify-full") => true,
            Some(other) => {
                return Err(StoreError::Schema(format!(
                    "sslmode={other} of the database URL is not known: disable or verify-full"
                )));
            }
        };
        config.ssl_mode(if encrypts { SslMode::Require } else { SslMode::Disable });
        let roots = if encrypts { roots(wish.root)? } else { RootCertStore::empty() };
        Ok(Self { config, tls: MakeRustlsConnect::new(client(roots)?) })
    }
}

/// Takes `sslmode` and `sslrootcert` out of a URL: the driver knows less of them than libpq.
fn split_tls(url: &str) -> Result<(String, TlsWish), StoreError> {
    let mut wish = TlsWish::default();
    let Some((before, query)) = url.split_once('?') else { return Ok((url.to_owned(), wish)) };
    let mut kept = Vec::new();
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match name {
            "sslmode" => wish.mode = Some(value.to_owned()),
            "sslrootcert" => wish.root = Some(PathBuf::from(decode(value)?)),
            "sslcert" | "sslkey" => {
                return Err(StoreError::Schema(format!(
                    "{name} of the database URL is not supported: use a password"
                )));
            }
            _ => kept.push(part),
        }
    }
    let rest =
        if kept.is_empty() { before.to_owned() } else { format!("{before}?{}", kept.join("&")) };
    Ok((rest, wish))
}

/// Undoes the percent-encoding of a value.
fn decode(value: &str) -> Result<String, StoreError> {
    let wrong = || StoreError::Schema("the database URL is not valid: a lone % in a value".into());
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.ok_or_else(wrong)?);
        rest = &rest[2..];
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

/// A socket in a folder, or an address that leads back here: nobody can listen in between.
fn is_on_this_machine(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost"
                || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    }
}

/// The certificates that vouch for the server: those of `sslrootcert` or `PGSSLROOTCERT`, else the system's.
fn roots(file: Option<PathBuf>) -> Result<RootCertStore, StoreError> {
    let file = file
        .or_else(|| std::env::var_os("PGSSLROOTCERT").map(PathBuf::from))
        .filter(|file| file.as_os_str() != "system");
    let mut roots = RootCertStore::empty();
    let Some(file) = file else {
        for certificate in rustls_native_certs::load_native_certs().certs {
            // One that this library cannot use vouches for nobody.
            let _ = roots.add(certificate);
        }
        return Ok(roots);
    };
    let failed = |why: String| {
        StoreError::Schema(format!(
            "the root certificate {} of the database: {why}",
            file.display()
        ))
    };
    let read = CertificateDer::pem_file_iter(&file).map_err(|error| failed(error.to_string()))?;
    for certificate in read {
        let certificate = certificate.map_err(|error| failed(error.to_string()))?;
        roots.add(certificate).map_err(|error| failed(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(failed("it holds no certificate".to_owned()));
    }
    Ok(roots)
}

fn client(roots: RootCertStore) -> Result<ClientConfig, StoreError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::Engine(Box::new(error)))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_tls_is_taken_out_of_the_url() {
        let (url, wish) = split_tls(
            "postgres://u@h/d?connect_timeout=3&sslmode=verify-full&sslrootcert=%2Fetc%2Fca%201.pem",
        )
        .unwrap();
        assert_eq!(url, "postgres://u@h/d?connect_timeout=3");
        assert_eq!(wish.mode.as_deref(), Some("verify-full"));
        assert_eq!(wish.root, Some(PathBuf::from("/etc/ca 1.pem")));
        assert_eq!(split_tls("postgres://h/d?sslmode=disable").unwrap().0, "postgres://h/d");
    }

    #[test]
    fn a_server_elsewhere_is_spoken_to_in_secret_unless_told_otherwise() {
        let mode = |url: &str| Target::parse(url).map(|target| target.config.get_ssl_mode()).ok();
        for (url, expected) in [
            ("postgres://u@10.0.0.1/d", Some(SslMode::Require)),
            ("postgres://u@10.0.0.1/d?sslmode=disable", Some(SslMode::Disable)),
            ("postgres://u@127.0.0.1/d", Some(SslMode::Disable)),
            ("postgres://u@127.0.0.1/d?sslmode=verify-full", Some(SslMode::Require)),
            ("postgres://u@%2Ftmp/d", Some(SslMode::Disable)),
            ("postgres://u@h/d?sslmode=sometimes", None),
            ("postgres://u@h/d?sslrootcert=/no/such/file", None),
            ("postgres://u@h/d?sslrootcert=%f", None),
        ] {
            assert_eq!(mode(url), expected, "{url}");
        }
    }
}
