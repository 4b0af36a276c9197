//! Kinds of drawings, and the folders that they are in.

use crate::demo::drawing::View;

/// Folders of an area, by the view that their drawings have.
pub(crate) const VIEW_FOLDERS: [(View, &str); 7] = [
    (View::Plan, "Planer"),
    (View::Section, "Sektioner"),
    (View::Facade, "Fasader"),
    (View::Elevations, "Uppställningar"),
    (View::Schematic, "Scheman"),
    (View::Detail, "Detaljer"),
    (View::Schedule, "Förteckningar"),
];

/// A kind of drawing: area, class, view, what it shows, scale, whether A1.
pub(crate) struct DrawingWords {
    pub(crate) area: &'static str,
    pub(crate) class: &'static str,
    pub(crate) view: View,
    pub(crate) shows: &'static str,
    pub(crate) scale: &'static str,
    pub(crate) is_large: bool,
}

const fn kind(
    area: &'static str,
    class: &'static str,
    view: View,
    shows: &'static str,
    scale: &'static str,
    is_large: bool,
) -> DrawingWords {
    DrawingWords { area, class, view, shows, scale, is_large }
}

/// The kinds of drawings, in the order in which a binder gets them.
pub(crate) const DRAWINGS: [DrawingWords; 36] = [
    kind("A", "40", View::Plan, "planritning", "1:50", true),
    kind("K", "20", View::Plan, "bjälklagsplan", "1:100", true),
    kind("V", "57", View::Plan, "luftbehandling", "1:50", true),
    kind("E", "63", View::Plan, "elkraft", "1:50", true),
    kind("A", "40", View::Section, "sektion A-A och B-B", "1:50", true),
    kind("A", "40", View::Facade, "fasad mot söder och väster", "1:100", true),
    kind("V", "50", View::Plan, "rör", "1:50", true),
    kind("A", "43", View::Elevations, "dörruppställning", "1:50", false),
    kind("E", "64", View::Plan, "tele och brandlarm", "1:50", true),
    kind("A", "43", View::Schedule, "dörrförteckning", "-", false),
    kind("K", "20", View::Section, "sektioner stomme", "1:50", true),
    kind("A", "44", View::Detail, "detalj våtrum, tätskikt", "1:10", false),
    kind("V", "56", View::Schematic, "flödesschema värme", "-", true),
    kind("L", "30", View::Plan, "markplanering", "1:200", true),
    kind("E", "63", View::Schematic, "huvudledningsschema", "-", true),
    kind("K", "20", View::Detail, "detalj pålplint", "1:10", false),
    kind("A", "42", View::Plan, "innertak", "1:50", true),
    kind("A", "45", View::Plan, "ytskikt", "1:50", true),
    kind("E", "61", View::Plan, "kanalisation", "1:50", true),
    kind("V", "52", View::Plan, "tappvatten och avlopp", "1:50", true),
    kind("K", "10", View::Plan, "grundplan", "1:100", true),
    kind("L", "30", View::Detail, "detalj planteringsyta", "1:20", false),
    kind("A", "43", View::Detail, "detalj fönsteranslutning", "1:10", false),
    kind("A", "49", View::Plan, "inredning", "1:50", true),
    kind("E", "66", View::Schematic, "gruppschema", "-", true),
    kind("V", "57", View::Schematic, "flödesschema luft", "-", true),
    kind("K", "27", View::Plan, "takstomme", "1:100", true),
    kind("A", "42", View::Facade, "invändiga vyer", "1:50", true),
    kind("V", "57", View::Detail, "detalj genomföring", "1:10", false),
    kind("L", "31", View::Plan, "utrustning", "1:200", true),
    kind("E", "65", View::Plan, "belysning", "1:50", true),
    kind("K", "23", View::Elevations, "elementuppställning", "1:50", false),
    kind("A", "41", View::Plan, "takplan", "1:100", true),
    kind("V", "55", View::Plan, "kyla", "1:50", true),
    kind("E", "64", View::Schematic, "passersystem", "-", true),
    kind("L", "32", View::Plan, "vegetation", "1:200", true),
];
