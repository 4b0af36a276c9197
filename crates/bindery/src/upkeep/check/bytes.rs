//! Every version's bytes: there, of the right size, with the right SHA-256.

use std::path::PathBuf;

use bindery_blobs::BlobKey;
use bindery_store::blobs;
use bindery_store::organizations::OrganizationRow;
use bindery_store::versions::{self, NeededBy};

use super::{Affected, Finding, Report};
use crate::commands::Place;
use crate::upkeep::compare::{Wrong, compare};

/// Rows read at once.
const CHUNK: i64 = 500;
/// Versions named that have no bytes in the database at all.
const MOST_NAMED: i64 = 1_000;

/// Reads all live bytes of an organization.
pub(super) async fn check(
    place: &Place,
    organization: &OrganizationRow,
    report: &mut Report,
    progress: &mut impl FnMut(u64),
) -> anyhow::Result<Vec<Finding>> {
    let scope = organization.scope();
    let mut findings = Vec::new();
    for version in versions::without_bytes(&place.store, &scope, MOST_NAMED).await? {
        let why = "the database names no bytes".to_owned();
        let NeededBy { version_id: version, document_name: document, .. } = version;
        findings.push(Finding::Missing(Affected { version, document, file: None, why }));
    }
    let mut after = None;
    loop {
        let chunk = blobs::list(&place.store, &scope, after, CHUNK).await?;
        for blob in chunk.rows.iter().filter(|blob| blob.dead_at.is_none()) {
            let key = BlobKey { organization: organization.id, blob: blob.id };
            let wrong = compare(&place.blobs, key, blob.size, &blob.sha256).await?;
            report.blobs += 1;
            report.bytes += u64::try_from(blob.size).unwrap_or(0);
            progress(report.bytes);
            let Some(wrong) = wrong else { continue };
            // It may have died and been swept since its row was read.
            let still = blobs::find(&place.store, &scope, blob.id).await?;
            if still.is_none_or(|row| row.dead_at.is_some()) {
                continue;
            }
            for version in versions::of_blob(&place.store, &scope, blob.key).await? {
                findings.push(finding(version, place.blobs.locate(key), &wrong));
            }
        }
        after = chunk.next;
        if after.is_none() {
            return Ok(findings);
        }
    }
}

fn finding(version: NeededBy, file: PathBuf, wrong: &Wrong) -> Finding {
    let (version, document) = (version.version_id, version.document_name);
    let file = Some(file);
    match wrong {
        Wrong::Missing => Finding::Missing(Affected {
            version,
            document,
            file,
            why: "the file is not there".to_owned(),
        }),
        Wrong::Damaged(why) => {
            Finding::Damaged(Affected { version, document, file, why: why.clone() })
        }
    }
}
