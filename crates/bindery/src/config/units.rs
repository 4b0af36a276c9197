//! Durations and sizes as people write them: `90s`, `5m`, `1h`; `10MiB`, `5GiB`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A length of time, written as a whole number and a unit: `90s`, `5m`, `1h`, `2d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period(pub Duration);

/// A number of bytes, written as a whole number and a unit: `512KiB`, `10MiB`, `5GiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

const PERIODS: [(&str, u64); 4] = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)];
const SIZES: [(&str, u64); 9] = [
    ("B", 1),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
];

impl Period {
    /// So many seconds.
    #[must_use]
    pub const fn secs(secs: u64) -> Self {
        Self(Duration::from_secs(secs))
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let secs = scaled(text, &PERIODS)
            .ok_or_else(|| format!("`{text}` is no duration; write 90s, 5m or 1h"))?;
        Ok(Self::secs(secs))
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        scaled(text, &SIZES)
            .map(Self)
            .ok_or_else(|| format!("`{text}` is no size; write 512KiB, 10MiB or 5GiB"))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_scaled(f, self.0.as_secs(), &PERIODS)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_scaled(f, self.0, &SIZES[..5])
    }
}

fn scaled(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim_start();
    let (_, factor) = units.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

fn write_scaled(f: &mut fmt::Formatter<'_>, value: u64, units: &[(&str, u64)]) -> fmt::Result {
    let whole =
        units.iter().rev().find(|(_, factor)| value >= *factor && value.is_multiple_of(*factor));
    let (name, factor) = whole.unwrap_or(&units[0]);
    write!(f, "{}{name}", value / factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        assert_eq!("90s".parse(), Ok(Period::secs(90)));
        assert_eq!("5m".parse(), Ok(Period::secs(300)));
        assert_eq!("1h".parse(), Ok(Period::secs(3600)));
        for wrong in ["", "90", "s", "-1s", "1.5h", "1 week", "99999999999999999999s"] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_are_a_number_and_a_unit() {
        assert_eq!("10MiB".parse(), Ok(Size(10 << 20)));
        assert_eq!("5 gib".parse(), Ok(Size(5 << 30)));
        assert_eq!("0B".parse(), Ok(Size(0)));
        for wrong in ["", "10", "MiB", "1e3B", "99999999999TiB"] {
            assert!(wrong.parse::<Size>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn both_are_written_in_the_largest_unit_that_fits() {
        assert_eq!(Period::secs(3600).to_string(), "1h");
        assert_eq!(Period::secs(90).to_string(), "90s");
        assert_eq!(Size(5 << 30).to_string(), "5GiB");
        assert_eq!(Size(0).to_string(), "0B");
    }
}
