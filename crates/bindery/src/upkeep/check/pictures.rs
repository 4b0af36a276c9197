//! Pictures: there, and with the right SHA-256. One that is not is no loss: it is made again.

use bindery_blobs::BlobKey;
use bindery_domain::Scope;
use bindery_store::derived::{self, DerivedRow};
use bindery_store::jobs::Priority;
use bindery_store::organizations::OrganizationRow;
use bindery_store::{Store, StoreError, previews};

use super::{Finding, Report};
use crate::clock::Clock;
use crate::commands::Place;
use crate::previews::Part;
use crate::upkeep::compare::{Wrong, compare};

/// Rows read at once.
const CHUNK: i64 = 500;

/// Reads all pictures of an organization; with `repair` forgets those that are not right, and queues them.
pub(super) async fn check(
    place: &Place,
    organization: &OrganizationRow,
    repair: bool,
    report: &mut Report,
) -> anyhow::Result<Vec<Finding>> {
    let scope = organization.scope();
    let (mut findings, mut after) = (Vec::new(), None);
    loop {
        let chunk = derived::list(&place.store, &scope, after, CHUNK).await?;
        for picture in chunk.rows {
            let key = BlobKey { organization: organization.id, blob: picture.id };
            report.pictures += 1;
            let Some(wrong) = compare(&place.blobs, key, picture.size, &picture.sha256).await?
            else {
                continue;
            };
            // It may have been replaced since its row was read.
            let still =
                derived::find(&place.store, &scope, picture.blob_key, &picture.place).await?;
            if still.as_ref() != Some(&picture) {
                continue;
            }
            let file = place.blobs.locate(key);
            let why = match wrong {
                Wrong::Missing => "the file is not there".to_owned(),
                Wrong::Damaged(why) => why,
            };
            findings.push(Finding::Picture { file, why, is_queued: repair });
            if repair {
                make_again(&place.store, scope, picture).await?;
            }
        }
        after = chunk.next;
        if after.is_none() {
            return Ok(findings);
        }
    }
}

async fn make_again(store: &Store, scope: Scope, picture: DerivedRow) -> Result<(), StoreError> {
    let now = Clock::system().now();
    let write = move |tx| {
        let picture = picture.clone();
        async move {
            derived::remove(&tx, &scope, &picture).await?;
            // Parts are made when somebody asks for them.
            let Ok(part) = picture.place.parse::<Part>() else {
                previews::lose_thumbnail(&tx, &scope, picture.blob_key).await?;
                let urgency = (Priority::Background, now);
                return Part::Overview.enqueue(&tx, &scope, picture.blob_key, urgency).await;
            };
            previews::remove_part(&tx, &scope, picture.blob_key, &part.to_string()).await
        }
    };
    store.write(write).await
}
