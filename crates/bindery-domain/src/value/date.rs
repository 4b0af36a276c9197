//! Calendar days, and points in time whose own day counts.

use jiff::civil::Date;

use super::TypedValue;

/// Reads `YYYY-MM-DD` or an RFC 3339 time; the text is kept as it was set.
pub(super) fn parse(text: &str) -> Result<TypedValue, String> {
    let day = day_of(text).ok_or_else(|| {
        "must be a date as 2026-01-31 or a time as 2026-01-31T08:15:30+01:00".to_owned()
    })?;
    Ok(TypedValue { text: text.to_owned(), sort: sort(day), exact: Vec::new() })
}

fn day_of(text: &str) -> Option<Date> {
    let (day, time) = text.split_at_checked(10)?;
    let day = civil(day.as_bytes())?;
    (time.is_empty() || is_time(time)).then_some(day)
}

/// Days since 1970 as four bytes whose order is that of the days.
fn sort(day: Date) -> Vec<u8> {
    let epoch = Date::constant(1970, 1, 1);
    let days = day.duration_since(epoch).as_hours() / 24;
    let days = i32::try_from(days).expect("four digits of a year are fewer than 2^31 days");
    days.cast_unsigned().wrapping_add(1 << 31).to_be_bytes().to_vec()
}

fn civil(text: &[u8]) -> Option<Date> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let year = two(*y1, *y2)? * 100 + two(*y3, *y4)?;
    let month = i8::try_from(two(*m1, *m2)?).ok()?;
    let day = i8::try_from(two(*d1, *d2)?).ok()?;
    Date::new(year, month, day).ok()
}

/// Whether this is the rest of a `date-time` of RFC 3339 §5.6, `T` included. Written out because the library's parser
/// takes much that the RFC does not.
fn is_time(text: &str) -> bool {
    let [b'T' | b't', h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] = text.as_bytes() else {
        return false;
    };
    let (Some(hour), Some(minute), Some(second)) = (two(*h1, *h2), two(*m1, *m2), two(*s1, *s2))
    else {
        return false;
    };
    let rest = match rest {
        [b'.', fraction @ ..] => {
            let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
            if digits == 0 {
                return false;
            }
            &fraction[digits..]
        }
        _ => rest,
    };
    let Some(offset) = offset_minutes(rest) else { return false };
    // A leap second is the last of a day in UTC (RFC 3339 §5.7).
    let is_leap = second == 60 && (hour * 60 + minute - offset).rem_euclid(24 * 60) == 24 * 60 - 1;
    hour < 24 && minute < 60 && (second < 60 || is_leap)
}

fn offset_minutes(text: &[u8]) -> Option<i16> {
    match text {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two(*h1, *h2)?, two(*m1, *m2)?);
            let offset = hours * 60 + minutes;
            (hours < 24 && minutes < 60).then_some(if *sign == b'-' { -offset } else { offset })
        }
        _ => None,
    }
}

fn two(tens: u8, ones: u8) -> Option<i16> {
    let digit = |b: u8| b.is_ascii_digit().then(|| i16::from(b - b'0'));
    Some(digit(tens)? * 10 + digit(ones)?)
}
