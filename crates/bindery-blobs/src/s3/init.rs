//! What a bucket needs once: rules for browsers, and for what uploads leave behind.
//!
//! Rules that others have made stay; ours are known by their names.

use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, CorsConfiguration, CorsRule,
    ExpirationStatus, LifecycleExpiration, LifecycleRule, LifecycleRuleFilter,
};

use super::{Failure, S3};
use crate::BlobError;

/// The name of the rule for browsers.
const CORS: &str = "bindery";
/// The name of the rule that ends uploads.
const UPLOADS: &str = "bindery-uploads";
/// The name of the rule that ends multipart uploads.
const MULTIPART: &str = "bindery-multipart";

impl S3 {
    /// Allows pages of these origins to get from and put into the storage; false when it knows no such rules.
    ///
    /// # Errors
    /// When the storage refuses.
    pub async fn set_cors(&self, origins: &[String]) -> Result<bool, BlobError> {
        let request = self.client().get_bucket_cors().bucket(self.bucket()).send();
        let mut rules = match self.call("rules", "reading the rules for browsers", request).await {
            Ok(found) => found.cors_rules.unwrap_or_default(),
            Err(failure) if failure.is_absent() => Vec::new(),
            Err(failure) if failure.is_unknown_call() => return Ok(false),
            Err(failure) => return Err(failure.into()),
        };
        rules.retain(|rule| rule.id() != Some(CORS));
        let mut rule = CorsRule::builder().id(CORS).allowed_headers("*").max_age_seconds(3_600);
        for method in ["GET", "HEAD", "PUT"] {
            rule = rule.allowed_methods(method);
        }
        for header in ["ETag", "Content-Length", "Content-Range", "Content-Disposition"] {
            rule = rule.expose_headers(header);
        }
        rule = rule.set_allowed_origins(Some(origins.to_vec()));
        rules.push(rule.build().map_err(incomplete)?);
        let rules = CorsConfiguration::builder().set_cors_rules(Some(rules)).build();
        let request = self.client().put_bucket_cors().bucket(self.bucket());
        let request = request.cors_configuration(rules.map_err(incomplete)?).send();
        known(self.call("rules", "setting the rules for browsers", request).await)
    }

    /// Makes the storage itself end what uploads have left for so many days; false when it knows no such rules.
    ///
    /// # Errors
    /// When the storage refuses.
    pub async fn set_lifecycle(&self, days: i32) -> Result<bool, BlobError> {
        let request = self.client().get_bucket_lifecycle_configuration().bucket(self.bucket());
        let what = "reading the rules of the bucket";
        let mut rules = match self.call("rules", what, request.send()).await {
            Ok(found) => found.rules.unwrap_or_default(),
            Err(failure) if failure.is_absent() => Vec::new(),
            Err(failure) if failure.is_unknown_call() => return Ok(false),
            Err(failure) => return Err(failure.into()),
        };
        rules.retain(|rule| !matches!(rule.id(), Some(UPLOADS | MULTIPART)));
        let expiration = LifecycleExpiration::builder().days(days).build();
        let uploads = rule(UPLOADS, self.key("uploads/")).expiration(expiration);
        let abort = AbortIncompleteMultipartUpload::builder().days_after_initiation(days).build();
        let multipart = rule(MULTIPART, self.key("")).abort_incomplete_multipart_upload(abort);
        for ours in [uploads, multipart] {
            rules.push(ours.build().map_err(incomplete)?);
        }
        let rules = BucketLifecycleConfiguration::builder().set_rules(Some(rules)).build();
        let request = self.client().put_bucket_lifecycle_configuration().bucket(self.bucket());
        let request = request.lifecycle_configuration(rules.map_err(incomplete)?).send();
        known(self.call("rules", "setting the rules of the bucket", request).await)
    }
}

fn known<T>(answer: Result<T, Failure>) -> Result<bool, BlobError> {
    match answer {
        Ok(_) => Ok(true),
        Err(failure) if failure.is_unknown_call() => Ok(false),
        Err(failure) => Err(failure.into()),
    }
}

fn rule(id: &str, prefix: String) -> aws_sdk_s3::types::builders::LifecycleRuleBuilder {
    LifecycleRule::builder()
        .id(id)
        .status(ExpirationStatus::Enabled)
        .filter(LifecycleRuleFilter::builder().prefix(prefix).build())
}

fn incomplete(error: impl std::error::Error) -> BlobError {
    BlobError::Settings(error.to_string())
}
