//! File names, and the three foldings of what is taken as one.

use bindery_domain::{FileName, fold};
use bindery_testkit::fuzz;

#[test]
fn any_file_name_is_refused_or_keeps_its_rules() {
    fuzz::run("file-name", |input| {
        let text = String::from_utf8_lossy(input);
        let name = match FileName::parse(&text) {
            Ok(name) => name,
            Err(message) => return message,
        };
        let kept = name.as_str();
        assert!((1..=255).contains(&kept.chars().count()), "{kept:?}");
        assert!(!kept.contains(['/', '\\', '\0', '\u{202e}', '\u{2066}']), "{kept:?}");
        assert!(!kept.chars().any(char::is_control), "{kept:?}");
        assert!(kept != "." && kept != "..", "{kept:?}");
        assert_eq!(fold::nfc(kept), kept, "stored as NFC");
        assert_eq!(FileName::parse(kept).as_ref(), Ok(&name), "a stored name is a name");
        assert_eq!(fold::identity(&name.identity()), name.identity(), "folding twice is once");
        assert_eq!(fold::search(&name.search()), name.search(), "folding twice is once");
        format!("{:?}", kept.rsplit_once('.').map(|(_, ending)| ending.len().min(9)))
    });
}
