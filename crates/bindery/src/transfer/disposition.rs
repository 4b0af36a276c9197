//! `Content-Disposition` with the file's name (RFC 6266).

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::media_type;

/// All but `attr-char` of RFC 8187, section 3.2.1.
const ATTRIBUTE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// The header for a file of this name: pictures that no browser can run may be shown in place, all else is saved.
///
/// `filename` is an approximation in ASCII for old readers, `filename*` the exact name.
#[must_use]
pub fn content_disposition(file_name: &str) -> HeaderValue {
    let kind = if media_type::is_harmless_picture(file_name) { "inline" } else { "attachment" };
    let plain: String = file_name.chars().map(plain).collect();
    let mut value = format!("{kind}; filename=\"{plain}\"");
    if plain != file_name {
        value.push_str("; filename*=UTF-8''");
        value.extend(utf8_percent_encode(file_name, ATTRIBUTE));
    }
    // All of it is visible ASCII and spaces.
    HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static("attachment"))
}

/// What stands for a character in `filename`. Quotes, backslashes and percent signs are read differently by different
/// browsers (RFC 6266, appendix D), so they are avoided.
fn plain(c: char) -> char {
    match c {
        'å' | 'ä' | 'à' | 'á' | 'â' => 'a',
        'Å' | 'Ä' | 'À' | 'Á' | 'Â' => 'A',
        'ö' | 'ø' | 'ó' | 'ò' | 'ô' => 'o',
        'Ö' | 'Ø' | 'Ó' | 'Ò' | 'Ô' => 'O',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'É' | 'È' | 'Ê' | 'Ë' => 'E',
        'ü' => 'u',
        'Ü' => 'U',
        '–' | '—' => '-',
        '"' | '\\' | '%' => '_',
        ' '..='~' => c,
        _ => '_',
    }
}

#[cfg(test)]
mod tests {
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;

    use super::*;

    fn written(file_name: &str) -> String {
        content_disposition(file_name).to_str().unwrap().to_owned()
    }

    #[test]
    fn names_are_written_for_old_and_new_readers() {
        for (name, expected) in [
            ("plan.pdf", r#"attachment; filename="plan.pdf""#),
            ("Plan 1 (A).dwg", r#"attachment; filename="Plan 1 (A).dwg""#),
            (
                "Ritning Öst å.pdf",
                r#"attachment; filename="Ritning Ost a.pdf"; filename*=UTF-8''Ritning%20%C3%96st%20%C3%A5.pdf"#,
            ),
            (
                r#"a"b%41;.txt"#,
                r#"attachment; filename="a_b_41;.txt"; filename*=UTF-8''a%22b%2541%3B.txt"#,
            ),
            (
                "平面図.dwg",
                r#"attachment; filename="___.dwg"; filename*=UTF-8''%E5%B9%B3%E9%9D%A2%E5%9B%B3.dwg"#,
            ),
        ] {
            assert_eq!(written(name), expected);
        }
    }

    #[test]
    fn only_pictures_that_run_nothing_are_shown_in_place() {
        for (name, kind) in [
            ("a.PNG", "inline"),
            ("a.jpg", "inline"),
            ("a.svg", "attachment"),
            ("a.html", "attachment"),
            ("a.pdf", "attachment"),
            ("a", "attachment"),
        ] {
            assert!(written(name).starts_with(kind), "{name}");
        }
    }

    proptest! {
        #[test]
        fn the_exact_name_can_be_read_back(name in "\\PC{1,60}|.{1,30}") {
            let value = written(&name);
            let plain = value.split('"').nth(1).unwrap();
            let exact = match value.split_once("filename*=UTF-8''") {
                Some((_, encoded)) => percent_decode_str(encoded).decode_utf8().unwrap().into_owned(),
                None => plain.to_owned(),
            };
            prop_assert_eq!(exact, name);
            prop_assert!(value.matches('"').count() == 2 && !value.contains('\\'));
        }
    }
}
