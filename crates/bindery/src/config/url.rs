//! URLs in settings.

use std::fmt;
use std::str::FromStr;

use http::Uri;

/// An `http` or `https` URL that paths are added to: without query, and without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

/// What a browser sends as `Origin`: scheme, host and port of a page; or `*` for any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl BaseUrl {
    /// The URL as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Origin {
    /// The origin as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is no base URL; write it as https://documents.example.com");
        let uri: Uri = text.trim().parse().map_err(|_| wrong())?;
        if !is_web(&uri) || uri.query().is_some() || text.contains('#') {
            return Err(wrong());
        }
        Ok(Self(text.trim().trim_end_matches('/').to_owned()))
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = || {
            format!(
                "`{text}` is no origin; write it as https://portal.example.com, without a path, or *"
            )
        };
        if text == "*" {
            return Ok(Self(text.to_owned()));
        }
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let is_bare =
            matches!(uri.path(), "" | "/") && uri.query().is_none() && !text.contains('#');
        if is_web(&uri) && is_bare {
            Ok(Self(text.trim_end_matches('/').to_ascii_lowercase()))
        } else {
            Err(wrong())
        }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_web(uri: &Uri) -> bool {
    let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    matches!(uri.scheme_str(), Some("http" | "https"))
        && uri.host().is_some_and(|host| !host.is_empty())
        && !has_user
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_an_address_that_paths_are_added_to() {
        assert_eq!("https://a.example/".parse::<BaseUrl>().unwrap().as_str(), "https://a.example");
        assert_eq!(
            "http://[::1]:80/docs/".parse::<BaseUrl>().unwrap().as_str(),
            "http://[::1]:80/docs"
        );
        for wrong in [
            "",
            "a.example",
            "ftp://a.example",
            "https://a.example?x=1",
            "https://u:p@a.example",
            "https://",
        ] {
            assert!(wrong.parse::<BaseUrl>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!("https://A.example/".parse::<Origin>().unwrap().as_str(), "https://a.example");
        assert!("*".parse::<Origin>().is_ok());
        assert!("https://a.example/path".parse::<Origin>().is_err());
        assert!("null".parse::<Origin>().is_err());
    }
}
