//! Ending a token before its time.

use bindery_domain::Timestamp;
use bindery_store::{StoreError, revoked_tokens, server_values};

use super::claims::Authenticated;
use super::{Identity, TokenError, token};

impl Identity {
    /// Ends a token of the client's own. What is no live token of ours is ended already.
    ///
    /// # Errors
    /// [`TokenError::UnauthorizedClient`] for another client's token; otherwise when the database cannot be written.
    pub async fn revoke(
        &self,
        token: &str,
        by: &Authenticated,
        now: Timestamp,
    ) -> Result<(), TokenError> {
        let Ok(claims) = token::verify(token, &self.keyring(), now) else { return Ok(()) };
        if claims.client_id != by.client.as_str()
            || claims.organization_id != by.organization.to_string()
        {
            return Err(TokenError::UnauthorizedClient("the token belongs to another client"));
        }
        let (jti, client, expires) = (claims.jti.clone(), by.client.clone(), claims.expires());
        let written = self.parts().store.write(move |tx| {
            let (jti, client) = (jti.clone(), client.clone());
            async move {
                server_values::count_identity_change(&tx).await?;
                revoked_tokens::insert(&tx, &jti, &client, expires).await
            }
        });
        written.await.map_err(|error: StoreError| TokenError::from(error))?;
        tracing::info!(client = %by.client, token = claims.jti, "client {} revoked token {}", by.client, claims.jti);
        // The number has moved, so nothing that was remembered before counts any more on this node.
        self.refresh(now).await?;
        self.forget(token);
        Ok(())
    }
}
