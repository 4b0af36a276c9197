//! Checking a journal against its chain.

use bindery_domain::Scope;

use super::{Chain, Head, head, read};
use crate::{Query, StoreError, organizations};

/// So many entries are held at once.
const CHUNK: i64 = 1_000;

/// What a check of a journal found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// Every entry follows from the one before; to be noted outside, so that a journal cut short shows.
    Intact(Head),
    /// This entry is missing or was changed, or the head does not fit the last one.
    Broken {
        /// The first number at which the chain does not hold.
        seq: i64,
        /// What is wrong there.
        why: &'static str,
    },
}

/// Works the chain out again, from the first entry to the head as it stood when the check began.
/// May run beside writers: what they append meanwhile is left to the next check.
pub async fn verify(db: &impl Query, scope: &Scope) -> Result<Verified, StoreError> {
    let head = head(db, scope).await?;
    let mut chain = Chain::of(organizations::load(db, scope).await?.id);
    while chain.seq() < head.seq {
        let before = chain.seq();
        let limit = CHUNK.min(head.seq - before);
        for row in read(db, scope, before, None, limit).await? {
            let seq = chain.seq() + 1;
            if row.seq != seq {
                return Ok(Verified::Broken { seq, why: "the entry is missing" });
            }
            chain.seal(&row.entry);
            if chain.hash() != row.hash {
                return Ok(Verified::Broken { seq, why: "the entry does not fit its hash" });
            }
        }
        if chain.seq() == before {
            return Ok(Verified::Broken { seq: before + 1, why: "the entry is missing" });
        }
    }
    if chain.hash() != head.hash {
        return Ok(Verified::Broken { seq: head.seq, why: "the head does not fit the last entry" });
    }
    // An entry under the head's own number or less cannot be there twice: the numbers are unique.
    Ok(Verified::Intact(head))
}
