//! Bringing a sandbox back to its first state.

use std::sync::Arc;

use axum::extract::FromRef as _;
use bindery_domain::{Kind, Refusal, Scope};
use bindery_store::{StoreError, sandboxes};

use super::ActionError;
use crate::app::App;
use crate::jobs::sweep_sandboxes::remove_bytes;
use crate::transfer::Transfer;

/// Empties a sandbox and fills it with the examples again; organization, client and secret stay, and when it ends.
///
/// # Errors
/// `NotFound` for an organization that is no sandbox.
pub(crate) async fn reset_sandbox(app: &App, scope: &Scope) -> Result<(), ActionError> {
    let sandbox = sandboxes::find(&app.store, scope).await?;
    let sandbox = sandbox.ok_or(Refusal::NotFound(Kind::Sandbox))?;
    let template = app.sandboxes.template().await.map_err(ActionError::Internal)?;
    let _turn = app.sandboxes.turn().await;
    let (now, organization) = (app.clock.now(), sandbox.id);
    let reset = app.store.write({
        let template = Arc::clone(&template);
        move |tx| {
            let (template, sandbox) = (Arc::clone(&template), sandbox.clone());
            async move {
                let leftovers = sandboxes::clear(&tx, &sandbox).await?;
                template.insert(&tx, sandbox.id, None, now).await?;
                Ok::<_, StoreError>(leftovers)
            }
        }
    });
    let mut leftovers = reset.await?;
    leftovers.blobs.retain(|blob| !template.holds(*blob));
    let removed = remove_bytes(&Transfer::from_ref(app), organization, &leftovers).await;
    if let Err(error) = removed {
        tracing::warn!(
            error = format!("{error:#}"),
            "files of sandbox {organization} stay for the sweeper"
        );
    }
    tracing::info!(event = "sandbox_reset", %organization, "sandbox {organization} was reset");
    Ok(())
}
