//! Which of a file's codings an answer has.

use http::{HeaderMap, header};
use rust_embed::EmbeddedFile;

use super::site::{self, SiteFile};
use crate::middleware::compress::{Coding, Takes};

/// A file in the coding that the caller gets.
pub(super) struct Coded {
    /// The bytes.
    pub(super) file: EmbeddedFile,
    /// How they are coded; absent for the file as it is.
    pub(super) coding: Option<Coding>,
    /// Whether other callers get another coding.
    pub(super) varies: bool,
}

/// The smallest coding that the build of the site made and the caller takes. Nothing is compressed here.
pub(super) fn choose(found: SiteFile, request: &HeaderMap) -> Coded {
    let takes = request.get(header::ACCEPT_ENCODING).map(Takes::read).unwrap_or_default();
    let twins = [(takes.brotli, Coding::Brotli, "br"), (takes.gzip, Coding::Gzip, "gz")];
    let mut varies = false;
    for (is_taken, coding, extension) in twins {
        let Some(file) = site::twin(&found.path, extension) else { continue };
        varies = true;
        if is_taken {
            return Coded { file, coding: Some(coding), varies };
        }
    }
    Coded { file: found.file, coding: None, varies }
}
