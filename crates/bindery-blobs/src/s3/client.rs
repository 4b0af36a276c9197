//! The client of the storage: credentials, addresses, patience.

use std::time::Duration;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    Builder, Credentials, RequestChecksumCalculation, ResponseChecksumValidation, SharedHttpClient,
    StalledStreamProtectionConfig,
};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};

use super::S3Settings;
use crate::BlobError;

/// Where AWS's own clients find further certificates.
const CA_BUNDLE: &str = "AWS_CA_BUNDLE";

/// A storage that does not take a connection within this is not there.
const CONNECT: Duration = Duration::from_secs(3);
/// One attempt of a call, its bytes on the way included.
const ATTEMPT: Duration = Duration::from_secs(20);
/// A call with all its attempts.
const CALL: Duration = Duration::from_secs(45);
/// Attempts of a call.
const ATTEMPTS: u32 = 3;
/// What the storage does with whole objects may take it longer.
const WHOLE_OBJECT: Duration = Duration::from_secs(300);

/// Makes the client, and the one that makes URLs for callers.
pub(super) async fn connect(settings: &S3Settings) -> Result<(Client, Client), BlobError> {
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .http_client(http_client(settings)?)
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(timeouts(ATTEMPT, CALL));
    if let Some(region) = &settings.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(given) = &settings.credentials {
        let (key, secret) = (given.key.clone(), given.secret.clone());
        loader = loader.credentials_provider(Credentials::new(key, secret, None, None, "settings"));
    }
    let shared = loader.load().await;
    if shared.region().is_none() && settings.endpoint.is_none() {
        let problem =
            "the storage needs a region: add ?region=… to its URL, or set AWS_REGION".to_owned();
        return Err(BlobError::Settings(problem));
    }
    let mut config = Builder::from(&shared)
        .force_path_style(settings.path_style)
        // Storages differ in what they know of checksums; those that matter here are asked for where they do.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        // Reading has its own patience, which begins anew where it was broken off.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if shared.region().is_none() {
        config = config.region(Region::new("us-east-1"));
    }
    if let Some(endpoint) = &settings.endpoint {
        config = config.endpoint_url(endpoint);
    }
    let client = Client::from_conf(config.clone().build());
    let public = match &settings.public_endpoint {
        Some(endpoint) => Client::from_conf(config.endpoint_url(endpoint).build()),
        None => client.clone(),
    };
    Ok((client, public))
}

/// The settings of a call that works on a whole object inside the storage.
pub(super) fn patient() -> Builder {
    aws_sdk_s3::Config::builder().timeout_config(timeouts(WHOLE_OBJECT, WHOLE_OBJECT))
}

fn timeouts(attempt: Duration, call: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(attempt)
        .operation_timeout(call)
        .build()
}

fn http_client(settings: &S3Settings) -> Result<SharedHttpClient, BlobError> {
    let mut trusted = TrustStore::default();
    let from_environment = || std::env::var_os(CA_BUNDLE).map(Into::into);
    if let Some(file) = settings.ca_file.clone().or_else(from_environment) {
        let read = std::fs::read(&file);
        let unreadable = |error| {
            BlobError::Settings(format!(
                "cannot read the certificates {} of the storage: {error}",
                file.display()
            ))
        };
        trusted = trusted.with_pem_certificate(read.map_err(unreadable)?);
    }
    let context = TlsContext::builder().with_trust_store(trusted).build().map_err(|error| {
        BlobError::Settings(format!("the certificates of the storage are not usable: {error}"))
    })?;
    Ok(aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(context)
        .build_https())
}
