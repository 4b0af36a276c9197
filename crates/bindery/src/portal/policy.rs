//! What the site's pages may load: nothing from another host.

use http::HeaderValue;
use serde::Deserialize;

use super::site;

/// The file in which the build of the site lists the digests of its inline scripts.
const DIGESTS: &str = "csp.json";

/// The `Content-Security-Policy` of the site's pages (CSP level 3).
#[derive(Debug, Clone)]
pub struct Policy(HeaderValue);

#[derive(Default, Deserialize)]
struct Digests {
    #[serde(rename = "script-src", default)]
    script_src: Vec<String>,
}

impl Policy {
    /// Reads what the build of the site noted. `stored_at` is where uploads and downloads go, when that is another
    /// address than the site's: the playground sends files there.
    #[must_use]
    pub fn of_site(stored_at: Option<&str>) -> Self {
        let noted = site::file(DIGESTS)
            .and_then(|noted| serde_json::from_slice::<Digests>(&noted.file.data).ok());
        Self::new(&noted.unwrap_or_default().script_src, stored_at)
    }

    fn new(script_digests: &[String], stored_at: Option<&str>) -> Self {
        let is_digest = |text: &&String| {
            let inner = text.strip_prefix("'sha256-").and_then(|rest| rest.strip_suffix('\''));
            let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
            inner.is_some_and(|digest| digest.bytes().all(is_base64))
        };
        let mut scripts = String::from("'self'");
        for digest in script_digests.iter().filter(is_digest) {
            scripts.push(' ');
            scripts.push_str(digest);
        }
        let mut connections = String::from("'self'");
        if let Some(address) = stored_at {
            connections.push(' ');
            connections.push_str(address);
        }
        // Styles: code samples are coloured by style attributes, which only 'unsafe-inline' lets through.
        let policy = format!(
            "default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; \
             img-src 'self' data: blob:; font-src 'self'; connect-src {connections}; \
             worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        );
        Self(policy.parse().unwrap_or(HeaderValue::from_static("default-src 'none'")))
    }

    /// The value of the header.
    pub(super) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(digests: &[&str], stored_at: Option<&str>) -> String {
        let digests: Vec<_> = digests.iter().map(ToString::to_string).collect();
        Policy::new(&digests, stored_at).header().to_str().unwrap().to_owned()
    }

    #[test]
    fn scripts_are_the_sites_own_and_the_inline_ones_it_noted() {
        let policy = text(&["'sha256-abc+/='", "'unsafe-inline'", "x; connect-src *"], None);
        assert!(policy.contains("script-src 'self' 'sha256-abc+/='; "), "{policy}");
        assert!(policy.contains("connect-src 'self'; "), "{policy}");
    }

    #[test]
    fn files_may_be_sent_to_where_they_are_stored() {
        let policy = text(&[], Some("https://files.example.com"));
        assert!(policy.contains("connect-src 'self' https://files.example.com; "), "{policy}");
    }
}
