//! Exact decimal numbers of at most 30 digits.
//!
//! The ordering bytes are a sign (0 negative, 1 zero, 2 positive), the decimal exponent, and the digits two to a byte
//! (1 to 100, so that 0 is smaller than any) without trailing zeros. A negative number's bytes are inverted and closed
//! with 255, so that of two that begin alike the one with more digits is the smaller.

use super::TypedValue;

const MOST_DIGITS: usize = 30;

/// Reads an optional sign, digits, and an optional point with digits.
pub(super) fn parse(text: &str) -> Result<TypedValue, String> {
    let decimal = Decimal::read(text).ok_or_else(|| {
        format!("must be a number: an optional sign, digits, an optional point and digits, at most {MOST_DIGITS} digits")
    })?;
    Ok(TypedValue { text: decimal.shortest(), sort: decimal.sort(), exact: Vec::new() })
}

/// A number without needless zeros; zero has no digits and no sign.
struct Decimal<'a> {
    is_negative: bool,
    whole: &'a str,
    fraction: &'a str,
}

impl<'a> Decimal<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (unsigned, None),
        };
        let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !are_digits(whole) || !fraction.is_none_or(are_digits) {
            return None;
        }
        let fraction = fraction.unwrap_or_default();
        if whole.len() + fraction.len() > MOST_DIGITS {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let is_zero = whole.is_empty() && fraction.is_empty();
        Some(Self { is_negative: text.starts_with('-') && !is_zero, whole, fraction })
    }

    fn shortest(&self) -> String {
        let sign = if self.is_negative { "-" } else { "" };
        let whole = if self.whole.is_empty() { "0" } else { self.whole };
        let point = if self.fraction.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{}", self.fraction)
    }

    fn sort(&self) -> Vec<u8> {
        let digits = format!("{}{}", self.whole, self.fraction);
        let significant = digits.trim_start_matches('0').trim_end_matches('0');
        if significant.is_empty() {
            return vec![1];
        }
        // The value is 0.<significant> times ten to this power.
        let leading = digits.len() - digits.trim_start_matches('0').len();
        let exponent = 128 + self.whole.len() - leading;
        let mut magnitude = vec![
            u8::try_from(exponent).expect("at most 30 digits stand before or after the point"),
        ];
        magnitude.extend(significant.as_bytes().chunks(2).map(pair));
        if self.is_negative {
            let inverted = magnitude.into_iter().map(|byte| !byte);
            std::iter::once(0).chain(inverted).chain(std::iter::once(255)).collect()
        } else {
            std::iter::once(2).chain(magnitude).collect()
        }
    }
}

/// Two ASCII digits in one byte, 1 to 100; a single last digit counts as if a zero followed.
fn pair(digits: &[u8]) -> u8 {
    let digit = |at: usize| digits.get(at).map_or(0, |b| b - b'0');
    digit(0) * 10 + digit(1) + 1
}
