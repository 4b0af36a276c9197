//! Content types by file name.

/// Extensions in lower case and what they stand for: what construction and property companies keep, and the web's.
///
/// Scripts are plain text: a page of ours must not be able to load an uploaded one.
const TABLE: &[(&str, &str)] = &[
    ("3dm", "model/vnd.3dm"),
    ("7z", "application/x-7z-compressed"),
    ("avif", "image/avif"),
    ("bcf", "application/vnd.buildingsmart.bcf+zip"),
    ("bcfzip", "application/vnd.buildingsmart.bcf+zip"),
    ("bmp", "image/bmp"),
    ("css", "text/plain"),
    ("csv", "text/csv"),
    ("dgn", "image/vnd.dgn"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("dwf", "model/vnd.dwf"),
    ("dwg", "image/vnd.dwg"),
    ("dxf", "image/vnd.dxf"),
    ("eml", "message/rfc822"),
    ("gif", "image/gif"),
    ("glb", "model/gltf-binary"),
    ("gltf", "model/gltf+json"),
    ("gz", "application/gzip"),
    ("heic", "image/heic"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("ics", "text/calendar"),
    ("ifc", "application/x-step"),
    ("ifczip", "application/zip"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "text/plain"),
    ("json", "application/json"),
    ("kml", "application/vnd.google-earth.kml+xml"),
    ("laz", "application/vnd.laszip"),
    ("log", "text/plain"),
    ("md", "text/markdown"),
    ("mjs", "text/plain"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("mpp", "application/vnd.ms-project"),
    ("msg", "application/vnd.ms-outlook"),
    ("obj", "model/obj"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("rtf", "application/rtf"),
    ("skp", "application/vnd.sketchup.skp"),
    ("step", "model/step"),
    ("stl", "model/stl"),
    ("stp", "model/step"),
    ("svg", "image/svg+xml"),
    ("tar", "application/x-tar"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("txt", "text/plain"),
    ("vsd", "application/vnd.visio"),
    ("vsdx", "application/vnd.ms-visio.drawing"),
    ("wav", "audio/wav"),
    ("webm", "video/webm"),
    ("webp", "image/webp"),
    ("xhtml", "application/xhtml+xml"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];

/// The content type of a file with this name. Text says no character set: we do not know it.
#[must_use]
pub fn media_type(file_name: &str) -> &'static str {
    let extension = extension(file_name);
    match TABLE.binary_search_by(|(known, _)| known.cmp(&extension.as_str())) {
        Ok(at) => TABLE[at].1,
        Err(_) => "application/octet-stream",
    }
}

/// Whether a browser may show a file with this name in place: a picture format that holds no script.
///
/// PDF is not among them: browsers refuse to show one under the sandbox that every download is sent with.
pub(super) fn is_harmless_picture(file_name: &str) -> bool {
    matches!(extension(file_name).as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif")
}

fn extension(file_name: &str) -> String {
    file_name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_all_of_it_is_found() {
        assert!(TABLE.is_sorted_by(|a, b| a.0 < b.0));
        for (extension, expected) in TABLE {
            assert_eq!(media_type(&format!("a.b.{}", extension.to_uppercase())), *expected);
        }
    }

    #[test]
    fn what_is_not_known_is_just_bytes() {
        for name in ["plan", "plan.", "plan.qqq", ".pdf2", "pdf"] {
            assert_eq!(media_type(name), "application/octet-stream");
        }
    }
}
