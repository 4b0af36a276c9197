//! URLs of pictures: `GET /storage/{organization}/previews/{version}/{renderer}-{what}?sv=1&sr=b&sp=r&…`
//!
//! `what` is `thumbnail`, `page-3` or `tiles-3`. The renderer's version is part of the name, so that what a URL shows
//! never changes and may be cached for good. One URL serves all tiles of a page: which one is wanted stands in further
//! parameters, which are not signed, since whoever may see one of them may see all.

use std::fmt;
use std::str::FromStr;

use bindery_domain::{ClientId, OrganizationId, Refusal, Timestamp, VersionId};

use super::{ALTERED, Links, Message, Signed, parse};

/// Which picture of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// The small one of the first page.
    Thumbnail,
    /// A page, counted from 1.
    Page(u32),
    /// Any tile of a page, counted from 1.
    Tiles(u32),
}

/// Allows to get a picture of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewLink {
    /// Whose version it is.
    pub organization: OrganizationId,
    /// The version.
    pub version: VersionId,
    /// The client that asked for it.
    pub client: ClientId,
    /// Version of the renderers.
    pub renderer: u32,
    /// Which picture.
    pub picture: Picture,
    /// The GET must begin before; whole seconds count.
    pub expires: Timestamp,
}

impl Links {
    /// Makes the URL of a picture.
    #[must_use]
    pub fn preview_url(&self, link: &PreviewLink) -> String {
        let PreviewLink { organization, version, renderer, picture, .. } = link;
        let path = format!("{organization}/previews/{version}/{renderer}-{picture}");
        self.url(&path, "r", &link.client, link.expires, &link.message())
    }

    /// Checks a request to the URL of a picture: its path and its query as they came, and the present time.
    ///
    /// # Errors
    /// [`Refusal::BadLink`] when it was altered or has expired.
    pub fn check_preview(
        &self,
        path: &str,
        query: &str,
        now: Timestamp,
    ) -> Result<PreviewLink, Refusal> {
        let signed = parse_preview(path, query).ok_or(Refusal::BadLink(ALTERED))?;
        self.check(&signed.claim.message(), &signed.signature, signed.claim.expires, now)?;
        Ok(signed.claim)
    }
}

impl PreviewLink {
    fn message(&self) -> Message {
        let message = Message::new("GET preview", self.expires);
        let message = message.with(&self.organization.bytes()).with(&self.version.bytes());
        let message = message.with(self.client.as_str().as_bytes());
        message.with(&self.renderer.to_be_bytes()).with(self.picture.to_string().as_bytes())
    }
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Thumbnail => f.write_str("thumbnail"),
            Self::Page(page) => write!(f, "page-{page}"),
            Self::Tiles(page) => write!(f, "tiles-{page}"),
        }
    }
}

impl FromStr for Picture {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let number = |text: &str| {
            parse::is_plain_number(text).then(|| text.parse().ok()).flatten().ok_or(())
        };
        match text.split_once('-') {
            None if text == "thumbnail" => Ok(Self::Thumbnail),
            Some(("page", page)) => Ok(Self::Page(number(page)?)),
            Some(("tiles", page)) => Ok(Self::Tiles(number(page)?)),
            _ => Err(()),
        }
    }
}

/// Reads a request to the URL of a picture; `None` when it cannot be one of ours.
#[must_use]
pub fn parse_preview(path: &str, query: &str) -> Option<Signed<PreviewLink>> {
    let [organization, kind, version, name] = parse::segments(path)?;
    let parameters = parse::Parameters::parse(query)?;
    let (renderer, picture) = name.split_once('-')?;
    if kind != "previews" || !parameters.is_of("r") || !parse::is_plain_number(renderer) {
        return None;
    }
    let claim = PreviewLink {
        organization: organization.parse().ok()?,
        version: version.parse().ok()?,
        client: parameters.client.parse().ok()?,
        renderer: renderer.parse().ok()?,
        picture: picture.parse().ok()?,
        expires: parameters.expires,
    };
    Some(Signed { claim, signature: parameters.signature })
}
