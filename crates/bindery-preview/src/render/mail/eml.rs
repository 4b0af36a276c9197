//! Mail as it was sent (RFC 5322, MIME).

use std::io;

use mail_parser::{Address, DateTime, Message, MessageParser, MimeHeaders};

use super::Mail;
use crate::Outcome;
use crate::child::{Order, Sink};
use crate::render::lines;

/// Renders a mail.
pub(in crate::render) fn render(
    order: &Order,
    bytes: &[u8],
    sink: &mut Sink,
) -> io::Result<Outcome> {
    let Some(message) = MessageParser::default().parse(bytes) else {
        return Ok(Outcome::failed("The mail is damaged."));
    };
    lines::render(order, &read(&message).lines(), sink)
}

fn read(message: &Message<'_>) -> Mail {
    let attachments = message.attachments().map(|part| {
        let name = part.attachment_name().unwrap_or("(without a name)").to_owned();
        (name, part.len() as u64)
    });
    Mail {
        subject: message.subject().unwrap_or_default().to_owned(),
        headers: vec![
            ("From", addresses(message.from())),
            ("To", addresses(message.to())),
            ("Cc", addresses(message.cc())),
            ("Date", message.date().map(date).unwrap_or_default()),
        ],
        body: message.body_text(0).unwrap_or_default().into_owned(),
        attachments: attachments.collect(),
    }
}

/// Date and time where the mail was written.
fn date(date: &DateTime) -> String {
    date.to_rfc3339().replace('T', " ")
}

fn addresses(all: Option<&Address<'_>>) -> String {
    let Some(all) = all else {
        return String::new();
    };
    let one = |address: &mail_parser::Addr<'_>| match (address.name(), address.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (None, None) => String::new(),
    };
    all.iter().map(one).filter(|one| !one.is_empty()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_text_are_read() {
        let mail = "From: \"A B\" <a@b.se>\r\nTo: c@d.se\r\nSubject: =?utf-8?q?=C3=84ndring?=\r\n\
                    Date: Tue, 3 Feb 2026 10:11:12 +0100\r\n\r\nHej\r\n";
        let mail = read(&MessageParser::default().parse(mail.as_bytes()).unwrap());
        assert_eq!(mail.subject, "Ändring");
        assert_eq!(mail.headers[0], ("From", "A B <a@b.se>".to_owned()));
        assert_eq!(mail.headers[3].1, "2026-02-03 10:11:12+01:00");
        assert_eq!(mail.body.trim(), "Hej");
    }
}
