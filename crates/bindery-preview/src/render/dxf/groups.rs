//! The lowest layer of a DXF: pairs of a code and a value, a line each.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// How far into the file its version and code page stand.
const HEADER_WITHIN: usize = 8192;

/// One group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group<'a> {
    pub(super) code: i32,
    pub(super) value: &'a str,
}

impl Group<'_> {
    /// The value as a number.
    pub(super) fn number(&self) -> Option<f64> {
        self.value.parse().ok().filter(|number: &f64| number.is_finite() && number.abs() < 1e12)
    }

    /// The value as a whole number.
    pub(super) fn whole(&self) -> Option<i64> {
        self.value.parse().ok()
    }
}

/// Reads the letters: UTF-8 from AutoCAD 2007 (AC1021) on, before it the code page that the header names.
pub(super) fn decode(bytes: &[u8]) -> String {
    let begin = String::from_utf8_lossy(&bytes[..bytes.len().min(HEADER_WITHIN)]);
    let named = |name: &str| {
        let mut lines = begin.lines().map(str::trim).skip_while(|line| *line != name);
        lines.nth(2).map(str::to_owned)
    };
    let is_utf8 = named("$ACADVER").is_some_and(|version| version.as_str() >= "AC1021");
    let encoding = if is_utf8 { UTF_8 } else { code_page(named("$DWGCODEPAGE").as_deref()) };
    encoding.decode(bytes).0.into_owned()
}

fn code_page(name: Option<&str>) -> &'static Encoding {
    let digits =
        name.and_then(|name| name.to_ascii_uppercase().strip_prefix("ANSI_").map(str::to_owned));
    digits
        .and_then(|digits| Encoding::for_label(format!("windows-{digits}").as_bytes()))
        .unwrap_or(WINDOWS_1252)
}

/// All groups up to the first that is none.
pub(super) fn groups(text: &str) -> impl Iterator<Item = Group<'_>> {
    let mut lines = text.lines();
    std::iter::from_fn(move || {
        let code = lines.next()?.trim().parse().ok()?;
        // Spaces at the beginning belong to a text, those at its end do not.
        let value = lines.next()?.trim_end();
        let value = if code == 1 || code == 3 { value } else { value.trim_start() };
        Some(Group { code, value })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_pairs_of_lines() {
        let found: Vec<_> = groups("  0\r\nSECTION\r\n 10\r\n1.5\r\nnonsense\r\nx").collect();
        assert_eq!(found, [Group { code: 0, value: "SECTION" }, Group { code: 10, value: "1.5" }]);
        assert_eq!(found[1].number(), Some(1.5));
    }

    #[test]
    fn letters_are_those_of_the_code_page() {
        let old = b"9\n$ACADVER\n1\nAC1009\n9\n$DWGCODEPAGE\n3\nANSI_1252\n1\nV\xc4GG\n";
        assert!(decode(old).contains("VÄGG"));
        let new = "9\n$ACADVER\n1\nAC1027\n1\nVÄGG\n";
        assert!(decode(new.as_bytes()).contains("VÄGG"));
    }
}
