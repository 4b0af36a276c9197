//! What a file is.

mod sniff;

use serde::{Deserialize, Serialize};

pub(crate) use sniff::sniff;

/// Declares the kinds with their names.
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What a file is: told by its content, by its name only where content does not tell.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Kind {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// A short name in lower case, fit for labels and columns.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// PDF.
    Pdf = "pdf",
    /// JPEG.
    Jpeg = "jpeg",
    /// PNG.
    Png = "png",
    /// WebP.
    Webp = "webp",
    /// TIFF.
    Tiff = "tiff",
    /// GIF.
    Gif = "gif",
    /// Windows bitmap.
    Bmp = "bmp",
    /// SVG.
    Svg = "svg",
    /// HEIC: the photographs of telephones.
    Heic = "heic",
    /// Word document.
    Docx = "docx",
    /// Excel workbook.
    Xlsx = "xlsx",
    /// PowerPoint presentation.
    Pptx = "pptx",
    /// OpenDocument text, spreadsheet, presentation or drawing.
    OpenDocument = "opendocument",
    /// Office file of the time before 2007 (doc, xls, ppt), or one that a password protects.
    LegacyOffice = "legacy-office",
    /// AutoCAD drawing.
    Dwg = "dwg",
    /// Drawing exchange file.
    Dxf = "dxf",
    /// Building model in the STEP form of IFC.
    Ifc = "ifc",
    /// BIM collaboration file.
    Bcf = "bcf",
    /// ZIP archive.
    Zip = "zip",
    /// E-mail as sent (RFC 5322).
    Eml = "eml",
    /// E-mail as Outlook stores it.
    Msg = "msg",
    /// Markdown.
    Markdown = "markdown",
    /// Values separated by commas, semicolons or tabs.
    Csv = "csv",
    /// XML of no kind above.
    Xml = "xml",
    /// Plain text.
    Text = "text",
    /// Nothing of these.
    Unknown = "unknown",
}
