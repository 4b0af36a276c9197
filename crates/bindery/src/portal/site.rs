//! The files of the site, and which of them a path means.

use rust_embed::{Embed, EmbeddedFile};

/// The folder that `make portal` fills; empty but for a placeholder until then.
#[derive(Embed)]
#[folder = "../../docs/portal/dist"]
struct Files;

/// What a path below `/docs/` leads to.
pub(super) enum Found {
    /// A file of the site.
    File(SiteFile),
    /// The same page under the path that the site's own links have, relative to the one asked for.
    MovedTo(String),
    /// Nothing.
    Missing,
}

/// A file of the site.
pub(super) struct SiteFile {
    /// Its path below the site's folder.
    pub(super) path: String,
    /// Its bytes and their digest.
    pub(super) file: EmbeddedFile,
}

/// Whether the site was built before the program.
pub(super) fn is_built() -> bool {
    Files::get("index.html").is_some()
}

/// The file of exactly this path.
pub(super) fn file(path: &str) -> Option<SiteFile> {
    let is_plain = |segment: &str| !segment.is_empty() && !segment.starts_with('.');
    if !path.split('/').all(is_plain) || path.contains(['\\', '\0']) {
        return None;
    }
    Files::get(path).map(|file| SiteFile { path: path.to_owned(), file })
}

/// The compressed twin of a file that the build of the site made, by its extension.
pub(super) fn twin(path: &str, extension: &str) -> Option<EmbeddedFile> {
    Files::get(&format!("{path}.{extension}"))
}

/// Finds what a path below `/docs/` means: `guide/upload` is the file `guide/upload.html`, a folder its `index.html`.
pub(super) fn find(path: &str) -> Found {
    // Twins are another coding of their file, not pages of their own.
    if path.ends_with(".br") || path.ends_with(".gz") {
        return Found::Missing;
    }
    if let Some(folder) = path.strip_suffix('/') {
        let last = folder.rsplit('/').next().unwrap_or_default();
        return match (file(&format!("{path}index.html")), file(&format!("{folder}.html"))) {
            (Some(index), _) => Found::File(index),
            (None, Some(_)) => Found::MovedTo(format!("../{last}")),
            (None, None) => Found::Missing,
        };
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    let exact = file(path).or_else(|| file(&format!("{path}.html")));
    match exact {
        Some(file) => Found::File(file),
        None if file(&format!("{path}/index.html")).is_some() => Found::MovedTo(format!("{last}/")),
        None => Found::Missing,
    }
}
