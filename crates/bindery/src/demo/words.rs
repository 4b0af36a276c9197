//! Names and codes of the demonstration. People, firms and properties are invented.

use super::drawing::View;

/// The demonstration's organization.
pub(crate) const OWNER: &str = "Demofastigheter i Norden AB";

/// What kind of binder: decides its tabs and elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BinderKind {
    Project,
    Property,
    Enquiry,
}

/// A binder of the demonstration.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BinderWords {
    pub(crate) name: &'static str,
    pub(crate) kind: BinderKind,
    pub(crate) buildings: &'static [&'static str],
    /// How many of a million documents are in it.
    pub(crate) share: u32,
}

const fn binder(
    name: &'static str,
    kind: BinderKind,
    buildings: &'static [&'static str],
    share: u32,
) -> BinderWords {
    BinderWords { name, kind, buildings, share }
}

use BinderKind::{Enquiry, Project, Property};

/// All binders; their shares make a million.
pub(crate) const BINDERS: [BinderWords; 12] = [
    binder("Kv. Björken 4, nybyggnad skola", Project, &["Hus 1", "Hus 2", "Idrottshall"], 132_149),
    binder(
        "Kv. Ängslyckan 12, stambyte",
        Project,
        &["Hus A", "Hus B", "Hus C", "Tvättstuga"],
        118_000,
    ),
    binder(
        "Åbrinkens vårdboende",
        Project,
        &["Huvudbyggnad", "Komplementbyggnad", "Miljöhus"],
        112_000,
    ),
    binder("Hamnmagasinet, ombyggnad kontor", Project, &["Magasin 3", "Pannhuset"], 104_000),
    binder("Björkskolan, förvaltning", Property, &["Hus 1", "Hus 2", "Idrottshall"], 97_000),
    binder("Kv. Lärkan 7, påbyggnad", Project, &["Gathus", "Gårdshus"], 91_000),
    binder("Ängslyckan, förvaltning", Property, &["Hus A", "Hus B", "Hus C"], 84_000),
    binder("Solgläntans förskola", Project, &["Förskola", "Förråd"], 77_000),
    binder("Hamnmagasinet, förvaltning", Property, &["Magasin 3", "Pannhuset"], 68_000),
    binder("Parkeringshuset Norra", Property, &["Parkeringshus"], 55_000),
    binder("Förfrågan: takbyte Åbrinken", Enquiry, &["Huvudbyggnad"], 36_000),
    binder("Förfrågan: hissar Hamnmagasinet", Enquiry, &["Magasin 3"], 25_851),
];

/// A tab: name, type, and the folders in it by name (`drawings` tabs have technical areas instead).
pub(crate) struct TabWords {
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) folders: &'static [&'static str],
}

const fn tab(name: &'static str, kind: &'static str, folders: &'static [&'static str]) -> TabWords {
    TabWords { name, kind, folders }
}

const PROJECT_TABS: [TabWords; 13] = [
    tab("Ritningar", "drawings", &[]),
    tab("Beskrivningar", "documents", &["Rambeskrivningar", "Tekniska beskrivningar"]),
    tab("Förteckningar", "documents", &[]),
    tab("Modeller", "documents", &[]),
    tab("Protokoll", "documents", &["Byggmöten", "Projekteringsmöten", "Samordning"]),
    tab("Tidplaner", "documents", &[]),
    tab("Ekonomi och ÄTA", "documents", &["ÄTA", "Kalkyler", "Avtal"]),
    tab("Myndigheter och bygglov", "documents", &[]),
    tab("Egenkontroller", "checklist", &[]),
    tab("Besiktningar", "documents", &[]),
    tab("Foton", "content", &[]),
    tab("Drift och underhåll", "documents", &["Luftbehandling", "Värme", "El"]),
    tab("Relationshandlingar", "drawings", &[]),
];
const PROPERTY_TABS: [TabWords; 6] = [
    tab("Ritningar", "drawings", &[]),
    tab("Drift och underhåll", "documents", &["Luftbehandling", "Värme", "El"]),
    tab("Besiktningar", "documents", &["OVK", "Energi"]),
    tab("Avtal", "documents", &[]),
    tab("Protokoll", "documents", &[]),
    tab("Foton", "content", &[]),
];
const ENQUIRY_TABS: [TabWords; 5] = [
    tab("Ritningar", "drawings", &[]),
    tab("Beskrivningar", "documents", &[]),
    tab("Anbud", "subtabs", &["Anbud 1", "Anbud 2", "Anbud 3"]),
    tab("Frågor och svar", "checklist", &[]),
    tab("Foton", "content", &[]),
];

impl BinderKind {
    /// Its spelling in the API.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Property => "property",
            Self::Enquiry => "enquiry",
        }
    }

    /// Its tabs.
    pub(crate) fn tabs(self) -> &'static [TabWords] {
        match self {
            Self::Project => &PROJECT_TABS,
            Self::Property => &PROPERTY_TABS,
            Self::Enquiry => &ENQUIRY_TABS,
        }
    }
}

/// Technical areas: code, Swedish name, firm.
pub(crate) const DISCIPLINES: [(&str, &str, &str); 11] = [
    ("A", "Arkitekt", "Demoarkitekterna AB"),
    ("K", "Byggnadskonstruktion", "Byggkonstruktörerna i Norr AB"),
    ("V", "VVS", "Rör och Luft Projektering AB"),
    ("E", "El", "Elkonsult Åström AB"),
    ("L", "Landskap", "Demoarkitekterna AB"),
    ("T", "Tele", "Elkonsult Åström AB"),
    ("S", "Styr och övervakning", "Elkonsult Åström AB"),
    ("M", "Mark", "Norrlands Testbygg AB"),
    ("G", "Geoteknik", "Norrlands Testbygg AB"),
    ("B", "Brand", "Demoarkitekterna AB"),
    ("W", "VVS, projektets egen indelning", "Rör och Luft Projektering AB"),
];

/// Areas that have folders of their own in a drawings tab.
pub(crate) const AREAS: [&str; 5] = ["A", "K", "V", "E", "L"];

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

/// Floors and their codes in drawing numbers.
pub(crate) const FLOORS: [(&str, &str); 6] = [
    ("0", "Källare"),
    ("1", "Plan 1"),
    ("2", "Plan 2"),
    ("3", "Plan 3"),
    ("8", "Vind"),
    ("9", "Tak"),
];

/// Statuses in the order of a project.
pub(crate) const STATUSES: [(&str, &str); 14] = [
    ("ideskiss", "Idéskiss"),
    ("forslag", "Förslagshandling"),
    ("program", "Programhandling"),
    ("system", "Systemhandling"),
    ("bygglov", "Bygglovshandling"),
    ("preliminar", "Preliminär"),
    ("granskning", "Granskningshandling"),
    ("forfragan", "Förfrågningsunderlag"),
    ("kontrakt", "Kontraktshandling"),
    ("bygg", "Bygghandling"),
    ("arbete", "Arbetshandling"),
    ("relationsunderlag", "Relationsunderlag"),
    ("relation", "Relationshandling"),
    ("utgar", "Utgår"),
];

/// Categories.
pub(crate) const CATEGORIES: [(&str, &str); 16] = [
    ("ritning", "Ritning"),
    ("beskrivning", "Beskrivning"),
    ("forteckning", "Förteckning"),
    ("modell", "Modell"),
    ("protokoll", "Protokoll"),
    ("pm", "PM"),
    ("tidplan", "Tidplan"),
    ("kalkyl", "Kalkyl"),
    ("avtal", "Avtal"),
    ("bygglov", "Bygglov"),
    ("besiktning", "Besiktning"),
    ("egenkontroll", "Egenkontroll"),
    ("ata", "ÄTA"),
    ("foto", "Foto"),
    ("drift", "Drift och skötsel"),
    ("korrespondens", "Korrespondens"),
];

/// People who are responsible for something.
pub(crate) const PEOPLE: [&str; 8] = [
    "Åsa Öberg",
    "Lars Sjöström",
    "Märta Nyström",
    "Göran Ek",
    "Fatima Haddad",
    "Jörgen Åkesson",
    "Elżbieta Nowak",
    "José Álvarez",
];

/// What a revision changed.
pub(crate) const CHANGES: [&str; 8] = [
    "Ändrat fläktrum",
    "Flyttad dörr",
    "Justerade mått",
    "Nytt schaktläge",
    "Kompletterad efter granskning",
    "Ändrad rumsindelning",
    "Utgått fönster",
    "Ändrad takhöjd",
];

/// A document that is no drawing: name (`#` is its number), category, tabs that it may be in, and the extension.
pub(crate) struct LetterWords {
    pub(crate) name: &'static str,
    pub(crate) category: &'static str,
    pub(crate) tab: &'static str,
    pub(crate) folder: Option<&'static str>,
    pub(crate) extension: &'static str,
}

const fn letter(
    name: &'static str,
    category: &'static str,
    tab: &'static str,
    folder: Option<&'static str>,
    extension: &'static str,
) -> LetterWords {
    LetterWords { name, category, tab, folder, extension }
}

/// The documents of a project that are no drawings.
pub(crate) const PROJECT_LETTERS: [LetterWords; 24] = [
    letter("Byggmötesprotokoll nr #", "protokoll", "Protokoll", Some("Byggmöten"), "pdf"),
    letter(
        "Rumsbeskrivning A, del #",
        "beskrivning",
        "Beskrivningar",
        Some("Rambeskrivningar"),
        "pdf",
    ),
    letter("ÄTA #, utökat fläktrum", "ata", "Ekonomi och ÄTA", Some("ÄTA"), "pdf"),
    letter("Ritningsförteckning A, leverans #", "forteckning", "Förteckningar", None, "xlsx"),
    letter("Produktionstidplan, version #", "tidplan", "Tidplaner", None, "pdf"),
    letter(
        "Projekteringsmöte #, protokoll",
        "protokoll",
        "Protokoll",
        Some("Projekteringsmöten"),
        "pdf",
    ),
    letter("Bygglovsbeslut #", "bygglov", "Myndigheter och bygglov", None, "pdf"),
    letter("Egenkontroll tätskikt våtrum #", "egenkontroll", "Egenkontroller", None, "pdf"),
    letter("Leverans A-handlingar #", "modell", "Modeller", None, "zip"),
    letter(
        "Teknisk beskrivning VVS, utgåva #",
        "beskrivning",
        "Beskrivningar",
        Some("Tekniska beskrivningar"),
        "pdf",
    ),
    letter("Slutbesiktning etapp #, utlåtande", "besiktning", "Besiktningar", None, "pdf"),
    letter(
        "Drift- och skötselinstruktion LB#",
        "drift",
        "Drift och underhåll",
        Some("Luftbehandling"),
        "pdf",
    ),
    letter(
        "Reviderad planritning, utskick #",
        "korrespondens",
        "Protokoll",
        Some("Samordning"),
        "eml",
    ),
    letter(
        "Kontrollplan enligt PBL, revision #",
        "bygglov",
        "Myndigheter och bygglov",
        None,
        "pdf",
    ),
    letter("PM A-#, ändrat fläktrum", "pm", "Beskrivningar", None, "pdf"),
    letter("Kalkyl etapp #", "kalkyl", "Ekonomi och ÄTA", Some("Kalkyler"), "pdf"),
    letter("Avtal underentreprenör #", "avtal", "Ekonomi och ÄTA", Some("Avtal"), "pdf"),
    letter("Handlingsförteckning, utgåva #", "forteckning", "Förteckningar", None, "xml"),
    letter("Egenkontroll brandtätning #", "egenkontroll", "Egenkontroller", None, "pdf"),
    letter("Samordningsmöte installationer #", "protokoll", "Protokoll", Some("Samordning"), "pdf"),
    letter(
        "Drift- och skötselinstruktion VS#",
        "drift",
        "Drift och underhåll",
        Some("Värme"),
        "pdf",
    ),
    letter("Administrativa föreskrifter, del #", "beskrivning", "Beskrivningar", None, "pdf"),
    letter("Förbesiktning stomme #", "besiktning", "Besiktningar", None, "pdf"),
    letter("Gruppförteckning elcentral #", "drift", "Drift och underhåll", Some("El"), "pdf"),
];

/// The documents of a property that are no drawings.
pub(crate) const PROPERTY_LETTERS: [LetterWords; 8] = [
    letter(
        "Drift- och skötselinstruktion LB#",
        "drift",
        "Drift och underhåll",
        Some("Luftbehandling"),
        "pdf",
    ),
    letter("OVK-protokoll #", "besiktning", "Besiktningar", Some("OVK"), "pdf"),
    letter("Serviceavtal hiss #", "avtal", "Avtal", None, "pdf"),
    letter("Förvaltningsmöte #, protokoll", "protokoll", "Protokoll", None, "pdf"),
    letter("Energideklaration #", "besiktning", "Besiktningar", Some("Energi"), "pdf"),
    letter(
        "Drift- och skötselinstruktion VS#",
        "drift",
        "Drift och underhåll",
        Some("Värme"),
        "pdf",
    ),
    letter("Hyresavtal lokal #", "avtal", "Avtal", None, "pdf"),
    letter("Gruppförteckning elcentral #", "drift", "Drift och underhåll", Some("El"), "pdf"),
];

/// The documents of an enquiry that are no drawings.
pub(crate) const ENQUIRY_LETTERS: [LetterWords; 6] = [
    letter("Administrativa föreskrifter, del #", "beskrivning", "Beskrivningar", None, "pdf"),
    letter("Fråga #, svar till anbudsgivare", "korrespondens", "Frågor och svar", None, "pdf"),
    letter("Anbud #", "kalkyl", "Anbud", Some("Anbud 1"), "pdf"),
    letter("Anbud #", "kalkyl", "Anbud", Some("Anbud 2"), "pdf"),
    letter("Anbud #", "kalkyl", "Anbud", Some("Anbud 3"), "pdf"),
    letter("Teknisk beskrivning, utgåva #", "beskrivning", "Beskrivningar", None, "pdf"),
];

impl BinderKind {
    /// Its documents that are no drawings.
    pub(crate) fn letters(self) -> &'static [LetterWords] {
        match self {
            Self::Project => &PROJECT_LETTERS,
            Self::Property => &PROPERTY_LETTERS,
            Self::Enquiry => &ENQUIRY_LETTERS,
        }
    }
}
