//! Files that nothing needs.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use bindery_blobs::{Blobs, Found, FoundKind};
use bindery_domain::{OrganizationId, Scope, UploadId};
use bindery_store::uploads::UploadState;
use bindery_store::{Store, blobs, derived, organizations, uploads};

use super::Finding;
use crate::commands::Place;

/// Younger files may belong to something that is still running.
const GRACE: Duration = Duration::from_secs(3600);

/// Lists all files and keeps those that no row names; with `repair` moves them aside.
pub(super) async fn check(place: &Place, repair: bool) -> anyhow::Result<Vec<Finding>> {
    let scopes = scopes(&place.store).await?;
    let old = old_files(&place.blobs).await?;
    let mut findings = Vec::new();
    for found in old {
        if is_needed(&place.store, &scopes, &found.kind).await? {
            continue;
        }
        let moved_to = if repair { place.blobs.set_aside(&found).await? } else { None };
        findings.push(Finding::Orphan { file: found.path, size: found.size, moved_to });
    }
    Ok(findings)
}

async fn scopes(store: &Store) -> anyhow::Result<HashMap<OrganizationId, Scope>> {
    let all = organizations::list(store).await?;
    Ok(all.iter().map(|organization| (organization.id, organization.scope())).collect())
}

async fn old_files(blobs: &Blobs) -> anyhow::Result<Vec<Found>> {
    let mut old = Vec::new();
    let mut listing = blobs.list();
    while let Some(found) = listing.next().await? {
        if SystemTime::now().duration_since(found.modified).is_ok_and(|age| age > GRACE) {
            old.push(found);
        }
    }
    Ok(old)
}

async fn is_needed(
    store: &Store,
    scopes: &HashMap<OrganizationId, Scope>,
    kind: &FoundKind,
) -> anyhow::Result<bool> {
    match kind {
        FoundKind::Blob(key) => {
            let Some(scope) = scopes.get(&key.organization) else { return Ok(false) };
            let is_known = blobs::find(store, scope, key.blob).await?.is_some();
            let is_picture = derived::is_named(store, scope, key.blob).await?;
            Ok(is_known || is_picture || uploads::holds(store, scope, key.blob).await?)
        }
        FoundKind::Block(key) => is_open(store, scopes.get(&key.organization), key.upload).await,
        FoundKind::Incoming | FoundKind::Foreign => Ok(false),
    }
}

async fn is_open(store: &Store, scope: Option<&Scope>, upload: UploadId) -> anyhow::Result<bool> {
    let Some(scope) = scope else { return Ok(false) };
    let row = uploads::find(store, scope, upload).await?;
    Ok(row.is_some_and(|row| matches!(row.state, UploadState::Open | UploadState::Receiving)))
}
