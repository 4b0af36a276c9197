//! Names and codes of the demonstration. People, firms and properties are invented.

mod drawings;
mod letters;

pub(crate) use drawings::{DRAWINGS, DrawingWords, VIEW_FOLDERS};
pub(crate) use letters::LetterWords;

use letters::{ENQUIRY_LETTERS, PROJECT_LETTERS, PROPERTY_LETTERS};

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
