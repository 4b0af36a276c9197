//! `bindery check`: the database against the stored bytes, the journal's chain, the counters.
//!
//! It runs beside a live server. What changes meanwhile is looked at again before it is called missing.

mod bytes;
mod ledger;
mod orphans;
mod pictures;

use std::path::PathBuf;

use bindery_domain::{OrganizationId, VersionId};
use bindery_store::journal::Head;
use bindery_store::organizations;

use crate::commands::Place;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding {
    /// A version whose bytes are not there.
    Missing(Affected),
    /// A version whose bytes are not those that were committed.
    Damaged(Affected),
    /// A file that nothing needs; harmless.
    Orphan {
        /// Where it is, below the stored bytes.
        file: PathBuf,
        /// Its size in bytes.
        size: u64,
        /// Where `--repair` moved it.
        moved_to: Option<PathBuf>,
    },
    /// A picture that is gone or damaged; nothing is lost, it can be made again.
    Picture {
        /// Where it is or should be, below the stored bytes.
        file: PathBuf,
        /// What is wrong.
        why: String,
        /// Whether it was queued to be made again.
        is_queued: bool,
    },
    /// The journal's chain does not hold.
    Journal {
        /// Whose journal.
        organization: OrganizationId,
        /// The first number at which it does not.
        seq: i64,
        /// What is wrong there.
        why: &'static str,
    },
    /// A counter differs from a count.
    Counter {
        /// Whose counter.
        organization: OrganizationId,
        /// Which one, and by how much.
        what: String,
    },
}

/// A version that has lost its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Affected {
    /// The version.
    pub version: VersionId,
    /// Name of its document.
    pub document: String,
    /// Where its bytes are or should be, below the stored bytes; `None` when the database does not say.
    pub file: Option<PathBuf>,
    /// What is wrong.
    pub why: String,
}

/// What a check did and found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Organizations looked at.
    pub organizations: u64,
    /// Stored files read and compared.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Pictures read and compared.
    pub pictures: u64,
    /// The end of each intact journal: note it elsewhere, and a journal cut short shows.
    pub heads: Vec<(OrganizationId, Head)>,
    /// Whether something is missing or damaged; orphans and pictures are no damage.
    pub has_damage: bool,
}

impl Finding {
    /// Whether it makes the check fail.
    #[must_use]
    pub(crate) fn is_damage(&self) -> bool {
        !matches!(self, Self::Orphan { .. } | Self::Picture { .. })
    }
}

/// Checks everything. `tell` gets each finding as it is found; `progress` the bytes read so far.
///
/// # Errors
/// When database or storage cannot be read at all; what is wrong in them are findings.
pub(crate) async fn check(
    place: &Place,
    repair: bool,
    mut tell: impl FnMut(&Finding),
    mut progress: impl FnMut(u64),
) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let mut note = |report: &mut Report, finding: Finding| {
        report.has_damage |= finding.is_damage();
        tell(&finding);
    };
    for organization in organizations::list(&place.store).await? {
        report.organizations += 1;
        let findings = bytes::check(place, &organization, &mut report, &mut progress).await?;
        findings.into_iter().for_each(|finding| note(&mut report, finding));
        let findings = pictures::check(place, &organization, repair, &mut report).await?;
        findings.into_iter().for_each(|finding| note(&mut report, finding));
        let findings = ledger::check(place, &organization, &mut report).await?;
        findings.into_iter().for_each(|finding| note(&mut report, finding));
    }
    for finding in orphans::check(place, repair).await? {
        note(&mut report, finding);
    }
    Ok(report)
}
