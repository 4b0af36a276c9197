//! The hash that binds each entry of a journal to the one before.

use aws_lc_rs::digest::{Context, SHA256, digest};
use bindery_domain::OrganizationId;

use super::{Entry, Head};

const GENESIS: &[u8] = b"bindery journal 1\0";

/// A journal's chain at one entry.
///
/// The hash of an entry is the SHA-256 of these bytes, in this order:
///
/// | bytes | meaning |
/// |---|---|
/// | 32 | hash of the entry before; for the first, SHA-256 of `bindery journal 1`, a zero byte and the 16 bytes of the organization's id |
/// | 8 | number of the entry, from 1; signed, big-endian |
/// | 8 | its time in microseconds since 1970 UTC; signed, big-endian |
/// | text | actor |
/// | text | verb |
/// | text | kind of the object |
/// | text | id of the object |
/// | optional text | before |
/// | optional text | after |
///
/// A text is its length in bytes (8 bytes, big-endian) and its UTF-8. An optional text is one byte 0 when absent,
/// or one byte 1 and the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    seq: i64,
    hash: [u8; 32],
}

impl Chain {
    /// The chain of an organization before its first entry.
    #[must_use]
    pub fn of(organization: OrganizationId) -> Self {
        let mut bytes = GENESIS.to_vec();
        bytes.extend(organization.bytes());
        Self { seq: 0, hash: sha256(digest(&SHA256, &bytes)) }
    }

    /// The chain at the end of a journal.
    #[must_use]
    pub fn at(head: &Head) -> Self {
        Self { seq: head.seq, hash: head.hash }
    }

    /// Goes on to the next entry.
    pub fn seal(&mut self, entry: &Entry) {
        self.seq += 1;
        let mut context = Context::new(&SHA256);
        context.update(&self.hash);
        context.update(&self.seq.to_be_bytes());
        context.update(&entry.at.0.to_be_bytes());
        for field in [&entry.actor, &entry.verb, &entry.object_kind, &entry.object] {
            text(&mut context, field);
        }
        for field in [&entry.before, &entry.after] {
            context.update(&[u8::from(field.is_some())]);
            if let Some(field) = field {
                text(&mut context, field);
            }
        }
        self.hash = sha256(context.finish());
    }

    /// Number of the entry; 0 before the first.
    #[must_use]
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// Hash of the entry.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        self.hash
    }
}

fn text(context: &mut Context, text: &str) {
    context.update(&(text.len() as u64).to_be_bytes());
    context.update(text.as_bytes());
}

fn sha256(digest: aws_lc_rs::digest::Digest) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    bytes
}

#[cfg(test)]
mod tests {
    use bindery_domain::Timestamp;

    use super::*;

    fn entry() -> Entry {
        Entry {
            at: Timestamp(1_700_000_000_000_000),
            actor: "erp".to_owned(),
            verb: "document.create".to_owned(),
            object_kind: "document".to_owned(),
            object: "7".to_owned(),
            before: None,
            after: Some("{}".to_owned()),
        }
    }

    fn sealed(entry: &Entry) -> [u8; 32] {
        let mut chain = Chain::of(OrganizationId::from_bytes([7; 16]));
        chain.seal(entry);
        chain.hash()
    }

    #[test]
    fn hash_is_over_the_documented_bytes() {
        let mut bytes = Vec::new();
        bytes.extend(digest(&SHA256, &[&b"bindery journal 1\0"[..], &[7; 16]].concat()).as_ref());
        bytes.extend(1_i64.to_be_bytes());
        bytes.extend(1_700_000_000_000_000_i64.to_be_bytes());
        for text in ["erp", "document.create", "document", "7"] {
            bytes.extend((text.len() as u64).to_be_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes.extend([0, 1, 0, 0, 0, 0, 0, 0, 0, 2, b'{', b'}']);
        assert_eq!(sealed(&entry()), digest(&SHA256, &bytes).as_ref());
    }

    #[test]
    fn every_field_counts() {
        let changes: [fn(&mut Entry); 8] = [
            |entry| entry.at.0 += 1,
            |entry| entry.actor.push('x'),
            |entry| entry.verb.push('x'),
            |entry| entry.object_kind.push('x'),
            |entry| entry.object.push('x'),
            |entry| entry.before = Some(String::new()),
            |entry| entry.after = None,
            |entry| std::mem::swap(&mut entry.before, &mut entry.after),
        ];
        for change in changes {
            let mut changed = entry();
            change(&mut changed);
            assert_ne!(sealed(&changed), sealed(&entry()), "{changed:?}");
        }
    }
}
