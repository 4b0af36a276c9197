//! Mail: headers, text, names of attachments.

mod eml;
mod msg;

pub(super) use eml::render as render_eml;
pub(super) use msg::render as render_msg;

use super::lines::Line;

/// Letters of a mail's text that are shown.
const SHOWN_LETTERS: usize = 200_000;

/// What both forms of mail come to.
#[derive(Debug, Default)]
struct Mail {
    subject: String,
    /// Name and value.
    headers: Vec<(&'static str, String)>,
    body: String,
    /// Name and size in bytes.
    attachments: Vec<(String, u64)>,
}

impl Mail {
    fn lines(&self) -> Vec<Line> {
        let mut lines = vec![Line::heading(self.subject.clone()), Line::plain("")];
        for (name, value) in self.headers.iter().filter(|(_, value)| !value.is_empty()) {
            lines.push(Line::plain(format!("{name:<6}{value}")));
        }
        for (name, bytes) in &self.attachments {
            lines.push(Line::plain(format!("Attached: {name} ({})", size(*bytes))));
        }
        lines.push(Line::plain(""));
        let body: String = self.body.chars().take(SHOWN_LETTERS).collect();
        lines.extend(body.trim().lines().map(Line::plain));
        lines
    }
}

/// A size as people say it.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..0x10_0000 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => {
            let tenths = (u128::from(bytes) * 10).div_ceil(1 << 20);
            format!("{}.{} MiB", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        assert_eq!([0, 1023, 1025, 1 << 20].map(size), ["0 B", "1023 B", "2 KiB", "1.0 MiB"]);
    }
}
