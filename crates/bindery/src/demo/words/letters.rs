//! Documents that are no drawings.

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
pub(super) const PROJECT_LETTERS: [LetterWords; 24] = [
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
pub(super) const PROPERTY_LETTERS: [LetterWords; 8] = [
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
pub(super) const ENQUIRY_LETTERS: [LetterWords; 6] = [
    letter("Administrativa föreskrifter, del #", "beskrivning", "Beskrivningar", None, "pdf"),
    letter("Fråga #, svar till anbudsgivare", "korrespondens", "Frågor och svar", None, "pdf"),
    letter("Anbud #", "kalkyl", "Anbud", Some("Anbud 1"), "pdf"),
    letter("Anbud #", "kalkyl", "Anbud", Some("Anbud 2"), "pdf"),
    letter("Anbud #", "kalkyl", "Anbud", Some("Anbud 3"), "pdf"),
    letter("Teknisk beskrivning, utgåva #", "beskrivning", "Beskrivningar", None, "pdf"),
];
