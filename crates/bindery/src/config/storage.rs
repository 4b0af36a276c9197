//! Where the bytes are: files in the data dir, or an S3 storage named by a URL.

use std::path::PathBuf;

use bindery_blobs::S3Settings;
use percent_encoding::percent_decode_str;

use super::url::BaseUrl;

const FORM: &str = "write it as s3://BUCKET/PREFIX?endpoint=https://s3.example.com&region=eu-north-1&path-style=true";

/// Where the bytes are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum StorageConfig {
    /// Files in the data dir.
    #[default]
    Files,
    /// An S3 storage, which servers may share.
    S3(Box<S3Settings>),
}

impl StorageConfig {
    /// Reads `s3://BUCKET/PREFIX?…`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let rest = url.strip_prefix("s3://").ok_or_else(|| format!("is no S3 URL; {FORM}"))?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        if bucket.contains('@') {
            return Err("takes no credentials: they come from AWS_ACCESS_KEY_ID and \
                AWS_SECRET_ACCESS_KEY, a profile, or the machine's metadata"
                .to_owned());
        }
        let mut settings = S3Settings {
            bucket: bucket_name(bucket)?,
            prefix: folder(prefix)?,
            ..S3Settings::default()
        };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = percent_decode_str(value).decode_utf8();
            let value = value.map_err(|_| format!("has a {name} that is no text"))?;
            set(&mut settings, name, &value)?;
        }
        Ok(Self::S3(Box::new(settings)))
    }
}

fn set(settings: &mut S3Settings, name: &str, value: &str) -> Result<(), String> {
    let address = |value: &str| match value.parse::<BaseUrl>() {
        Ok(url) => Ok(Some(url.as_str().to_owned())),
        Err(why) => Err(format!("has a wrong {name}: {why}")),
    };
    match name {
        "endpoint" => settings.endpoint = address(value)?,
        "public-endpoint" => settings.public_endpoint = address(value)?,
        "region" if is_region(value) => settings.region = Some(value.to_owned()),
        "region" => return Err(format!("has a region `{value}`; one is like eu-north-1")),
        "path-style" => {
            settings.path_style = match value {
                "true" => true,
                "false" => false,
                _ => return Err(format!("has path-style `{value}`; it is true or false")),
            }
        }
        "ca" if !value.is_empty() => settings.ca_file = Some(PathBuf::from(value)),
        "ca" => return Err("has an empty ca; name a file in PEM".to_owned()),
        _ => {
            return Err(format!(
                "has an unknown parameter {name}; known are endpoint, public-endpoint, region, path-style and ca"
            ));
        }
    }
    Ok(())
}

fn bucket_name(text: &str) -> Result<String, String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if (3..=255).contains(&text.len()) && text.bytes().all(is_allowed) {
        Ok(text.to_owned())
    } else {
        Err(format!("has no bucket's name in `{text}`; {FORM}"))
    }
}

/// The prefix with one slash at its end. Its characters are those that need no escape anywhere.
fn folder(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/');
    if text.is_empty() {
        return Ok(String::new());
    }
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._/".contains(&byte);
    let are_named = text.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if text.bytes().all(is_allowed) && are_named && text.len() <= 512 {
        Ok(format!("{text}/"))
    } else {
        Err(format!(
            "has the prefix `{text}`; it may have letters, digits, `-`, `.`, `_`, and slashes between names"
        ))
    }
}

fn is_region(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str) -> S3Settings {
        match StorageConfig::parse(url).unwrap() {
            StorageConfig::S3(settings) => *settings,
            StorageConfig::Files => panic!("{url}"),
        }
    }

    #[test]
    fn a_url_names_bucket_prefix_and_how_to_get_there() {
        let plain = settings("s3://documents");
        assert_eq!((plain.bucket.as_str(), plain.prefix.as_str()), ("documents", ""));
        let full = settings(
            "s3://documents/a/b/?endpoint=http%3A%2F%2F[::1]:9000/&public-endpoint=https://s3.example.com\
             &region=eu-north-1&path-style=true&ca=/etc/ca.pem",
        );
        assert_eq!(full.prefix, "a/b/");
        assert_eq!(full.endpoint.as_deref(), Some("http://[::1]:9000"));
        assert_eq!(full.public_endpoint.as_deref(), Some("https://s3.example.com"));
        assert_eq!(full.region.as_deref(), Some("eu-north-1"));
        assert!(full.path_style);
        assert_eq!(full.ca_file, Some(PathBuf::from("/etc/ca.pem")));
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (url, named) in [
            ("https://documents", "s3://BUCKET"),
            ("s3://", "bucket"),
            ("s3://a b", "bucket"),
            ("s3://key:secret@documents", "credentials"),
            ("s3://documents/a//b", "prefix"),
            ("s3://documents/../b", "prefix"),
            ("s3://documents/å", "prefix"),
            ("s3://documents?endpoint=minio:9000", "endpoint"),
            ("s3://documents?region=", "region"),
            ("s3://documents?path-style=yes", "path-style"),
            ("s3://documents?ca=", "ca"),
            ("s3://documents?regoin=x", "regoin"),
        ] {
            let problem = StorageConfig::parse(url).unwrap_err();
            assert!(problem.contains(named), "{url}: {problem}");
        }
    }
}
