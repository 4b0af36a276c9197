//! Mail as Outlook stores it: properties in the streams of an OLE container (MS-OXMSG).

use std::io::{self, Read, Seek};

use cfb::CompoundFile;
use encoding_rs::{UTF_16LE, WINDOWS_1252};
use mail_parser::DateTime;
use mail_parser::decoders::html::html_to_text;

use super::Mail;
use crate::Outcome;
use crate::child::{Order, Sink};
use crate::render::lines;

/// Bytes of one property that are read.
const LONGEST_PROPERTY: u64 = 4 << 20;
/// Attachments that are listed.
const MOST_ATTACHMENTS: usize = 100;
/// Seconds from 1601, where the clock of this format begins, to 1970.
const SECONDS_TO_1970: i64 = 11_644_473_600;

/// Property numbers of MS-OXPROPS.
const SUBJECT: u16 = 0x0037;
const SENDER_NAME: u16 = 0x0c1a;
const SENDER_SMTP_ADDRESS: u16 = 0x5d01;
const DISPLAY_TO: u16 = 0x0e04;
const DISPLAY_CC: u16 = 0x0e03;
const SUBMIT_TIME: u16 = 0x0039;
const DELIVERY_TIME: u16 = 0x0e06;
const BODY: u16 = 0x1000;
const BODY_HTML: u16 = 0x1013;
const ATTACHED_DATA: u16 = 0x3701;
const ATTACHED_SHORT_NAME: u16 = 0x3704;
const ATTACHED_NAME: u16 = 0x3707;

/// Renders a message.
pub(in crate::render) fn render<F: Read + Seek>(
    order: &Order,
    file: &mut CompoundFile<F>,
    sink: &mut Sink,
) -> io::Result<Outcome> {
    lines::render(order, &read(file).lines(), sink)
}

fn read<F: Read + Seek>(file: &mut CompoundFile<F>) -> Mail {
    let mut text = |property| text(file, "/", property).unwrap_or_default();
    let sender = match (text(SENDER_NAME), text(SENDER_SMTP_ADDRESS)) {
        (name, address) if address.is_empty() => name,
        (name, address) => format!("{name} <{address}>"),
    };
    let headers = vec![("From", sender), ("To", text(DISPLAY_TO)), ("Cc", text(DISPLAY_CC))];
    let mut mail = Mail { subject: text(SUBJECT), headers, ..Mail::default() };
    mail.body = body(file);
    mail.headers.push(("Date", date(file).unwrap_or_default()));
    mail.attachments = attachments(file);
    mail
}

fn body<F: Read + Seek>(file: &mut CompoundFile<F>) -> String {
    if let Some(plain) = text(file, "/", BODY).filter(|plain| !plain.trim().is_empty()) {
        return plain;
    }
    let html = stream(file, &format!("/__substg1.0_{BODY_HTML:04X}0102"));
    html.map(|html| html_to_text(&crate::render::text::decode(&html))).unwrap_or_default()
}

/// The first date that the fixed properties hold: sixteen bytes each after a header of 32 (MS-OXMSG, section 2.4).
fn date<F: Read + Seek>(file: &mut CompoundFile<F>) -> Option<String> {
    const FIXED_HEADER: usize = 32;
    const TIME_TYPE: u16 = 0x0040;
    let fixed = stream(file, "/__properties_version1.0")?;
    let (entries, _) = fixed.get(FIXED_HEADER..)?.as_chunks::<16>();
    let of = |property: u16| {
        let is_it = |entry: &&[u8; 16]| {
            entry[..2] == TIME_TYPE.to_le_bytes() && entry[2..4] == property.to_le_bytes()
        };
        let entry = entries.iter().find(is_it)?;
        let ticks = u64::from_le_bytes(entry[8..].try_into().ok()?);
        i64::try_from(ticks / 10_000_000).ok()?.checked_sub(SECONDS_TO_1970)
    };
    let seconds = of(SUBMIT_TIME).or_else(|| of(DELIVERY_TIME))?;
    Some(DateTime::from_timestamp(seconds).to_rfc3339().replace('T', " "))
}

fn attachments<F: Read + Seek>(file: &mut CompoundFile<F>) -> Vec<(String, u64)> {
    let storages: Vec<String> = file
        .read_root_storage()
        .filter(|entry| entry.name().starts_with("__attach_version1.0_"))
        .take(MOST_ATTACHMENTS)
        .map(|entry| format!("/{}/", entry.name()))
        .collect();
    let mut attachments = Vec::new();
    for storage in storages {
        let name = text(file, &storage, ATTACHED_NAME)
            .or_else(|| text(file, &storage, ATTACHED_SHORT_NAME))
            .unwrap_or_else(|| "(without a name)".to_owned());
        let data = file.entry(format!("{storage}__substg1.0_{ATTACHED_DATA:04X}0102"));
        attachments.push((name, data.map_or(0, |entry| entry.len())));
    }
    attachments
}

/// A property made of letters: UTF-16, or bytes of the sender's code page, which is Windows-1252 here.
fn text<F: Read + Seek>(
    file: &mut CompoundFile<F>,
    storage: &str,
    property: u16,
) -> Option<String> {
    if let Some(bytes) = stream(file, &format!("{storage}__substg1.0_{property:04X}001F")) {
        return Some(UTF_16LE.decode_without_bom_handling(&bytes).0.into_owned());
    }
    let bytes = stream(file, &format!("{storage}__substg1.0_{property:04X}001E"))?;
    Some(WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned())
}

fn stream<F: Read + Seek>(file: &mut CompoundFile<F>, path: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    file.open_stream(path).ok()?.take(LONGEST_PROPERTY).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
