//! The journal's chain and the counters.

use anyhow::Context;
use bindery_domain::{OrganizationId, Scope};
use bindery_store::journal::{self, Verified};
use bindery_store::organizations::OrganizationRow;
use bindery_store::search::recount;
use bindery_store::{StoreError, usage};

use super::{Finding, Report};
use crate::commands::Place;
use crate::jobs::seal_journal::seal_now;

/// Checks one organization's journal and counters.
pub(super) async fn check(
    place: &Place,
    organization: &OrganizationRow,
    report: &mut Report,
) -> anyhow::Result<Vec<Finding>> {
    let scope = organization.scope();
    let mut findings = counters(place, organization.id, scope).await?;
    seal_now(&place.store).await.context("numbering the latest entries of the journals")?;
    match journal::verify(&place.store, &scope).await? {
        Verified::Intact(head) => report.heads.push((organization.id, head)),
        Verified::Broken { seq, why } => {
            findings.push(Finding::Journal { organization: organization.id, seq, why });
        }
    }
    Ok(findings)
}

/// Compares on one snapshot, so that writers beside it do not look like drift.
async fn counters(
    place: &Place,
    organization: OrganizationId,
    scope: Scope,
) -> anyhow::Result<Vec<Finding>> {
    let counted = place.store.snapshot(move |db| async move {
        let kept = usage::load(&db, &scope).await?;
        let counted = usage::recount(&db, &scope).await?;
        let wrong = recount::wrong_counters(&db, &scope).await?;
        Ok::<_, StoreError>((kept, counted, wrong))
    });
    let (kept, counted, wrong) = counted.await?;
    let pairs = [
        ("documents", kept.documents, counted.documents),
        ("versions", kept.versions, counted.versions),
        ("bytes", kept.bytes, counted.bytes),
    ];
    let mut findings: Vec<_> = pairs
        .into_iter()
        .filter(|(_, kept, counted)| kept != counted)
        .map(|(name, kept, counted)| format!("{name}: {kept} kept, {counted} counted"))
        .collect();
    if wrong > 0 {
        findings.push(format!("{wrong} counters of the search differ from a count"));
    }
    Ok(findings.into_iter().map(|what| Finding::Counter { organization, what }).collect())
}
