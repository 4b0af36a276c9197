//! OLE containers: mail of Outlook, Office files of old, and those that a password protects.

use std::io;

use cfb::CompoundFile;

use super::mail;
use crate::child::{Order, Sink};
use crate::frames::Frame;
use crate::source::Source;
use crate::{Kind, Outcome};

/// Streams of an Office file that is encrypted as a whole (MS-OFFCRYPTO, section 2.3.4).
const ENCRYPTED: [&str; 2] = ["/EncryptedPackage", "/EncryptionInfo"];
/// The stream that every message has (MS-OXMSG, section 2.4).
const MESSAGE: &str = "/__properties_version1.0";
/// Offset and bit of a Word file's "encrypted" flag (MS-DOC, section 2.5.2).
const WORD_FLAGS_AT: usize = 11;
const WORD_ENCRYPTED: u8 = 1;

/// Renders whatever the container is.
pub(super) fn render(order: &Order, source: &Source, sink: &mut Sink) -> io::Result<Outcome> {
    let Ok(mut file) = CompoundFile::open(source.reader()) else {
        sink.send(&Frame::Kind(Kind::LegacyOffice))?;
        return Ok(Outcome::failed("The file is damaged."));
    };
    if file.is_stream(MESSAGE) {
        sink.send(&Frame::Kind(Kind::Msg))?;
        return mail::render_msg(order, &mut file, sink);
    }
    sink.send(&Frame::Kind(Kind::LegacyOffice))?;
    if ENCRYPTED.iter().any(|stream| file.is_stream(stream)) || is_encrypted_word(&mut file) {
        return Ok(Outcome::Encrypted);
    }
    Ok(Outcome::unsupported("There is no preview for Office files of this age."))
}

fn is_encrypted_word(file: &mut CompoundFile<crate::source::Reader<'_>>) -> bool {
    use std::io::Read;
    let mut begin = [0; WORD_FLAGS_AT + 1];
    let read =
        file.open_stream("/WordDocument").and_then(|mut stream| stream.read_exact(&mut begin));
    read.is_ok() && begin[WORD_FLAGS_AT] & WORD_ENCRYPTED != 0
}
