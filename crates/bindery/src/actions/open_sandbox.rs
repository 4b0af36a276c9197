//! Giving a visitor an organization of their own.

use std::sync::Arc;
use std::time::Duration;

use bindery_blobs::BlobKey;
use bindery_domain::{OrganizationId, Refusal, Timestamp};
use bindery_store::sandboxes;

use super::ActionError;
use crate::app::App;
use crate::demo::sandbox::Visitor;
use crate::provision::new_ids;

/// What the visitor is told, once.
#[derive(Debug)]
pub(crate) struct OpenedSandbox {
    /// Organization, client and secret.
    pub(crate) visitor: Visitor,
    /// When all of it ends.
    pub(crate) expires: Timestamp,
}

/// Makes a sandbox: an organization with the contents of the demonstration, and a client that may create.
///
/// # Errors
/// [`Refusal::Busy`] when there are as many as the server allows.
pub(crate) async fn open_sandbox(app: &App) -> Result<OpenedSandbox, ActionError> {
    let template = app.sandboxes.template().await.map_err(ActionError::Internal)?;
    let _turn = app.sandboxes.turn().await;
    check_room(app).await?;
    let visitor = Visitor {
        organization: OrganizationId::random(),
        client: new_ids::sandbox_client_id(),
        secret: new_ids::secret(),
    };
    template.store_bytes(&app.blobs, visitor.organization).await?;
    let now = app.clock.now();
    let life = i64::try_from(app.sandboxes.config().expiry.as_secs()).unwrap_or(i64::MAX);
    let expires = Timestamp(now.secs().saturating_add(life).saturating_mul(1_000_000));
    let made = app.store.write({
        let (template, visitor) = (Arc::clone(&template), visitor.clone());
        move |tx| {
            let (template, visitor) = (Arc::clone(&template), visitor.clone());
            async move {
                let organization = visitor.organization;
                let scope = template.insert(&tx, organization, Some(&visitor), now).await?;
                sandboxes::insert(&tx, &scope, expires).await
            }
        }
    });
    if let Err(error) = made.await {
        // Files without rows are swept, too; this is only sooner.
        for blob in template.blobs() {
            let key = BlobKey { organization: visitor.organization, blob };
            _ = app.blobs.remove(key).await;
        }
        return Err(error.into());
    }
    tracing::info!(
        event = "sandbox_open", organization = %visitor.organization, client = %visitor.client,
        "sandbox {} lives until {expires}", visitor.organization
    );
    Ok(OpenedSandbox { visitor, expires })
}

async fn check_room(app: &App) -> Result<(), ActionError> {
    let there = sandboxes::count(&app.store).await?;
    if there.sandboxes < i64::from(app.sandboxes.config().most) {
        return Ok(());
    }
    let micros = there.first_expires.0.saturating_sub(app.clock.now().0);
    let retry_after = Duration::from_micros(u64::try_from(micros).unwrap_or(0));
    let what = "as many sandboxes are in use as this server allows";
    Err(Refusal::Busy { what, retry_after }.into())
}
