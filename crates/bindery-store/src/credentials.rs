//! What proves a client: its live secrets, and the liveness behind a token. Read by the identity provider before
//! the organization is known, so these are the reads that no scope guards.

use bindery_domain::{ClientId, OrgKey, OrganizationId, Role};

use crate::{Query, Row, StoreError, params};

/// A live client of a live organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveClient {
    /// The client.
    pub id: ClientId,
    /// The organization's internal key.
    pub org: OrgKey,
    /// The organization's public id.
    pub organization: OrganizationId,
    /// What the client may do.
    pub role: Role,
}

/// A live secret of a live client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveSecret {
    /// Whose it is.
    pub client: LiveClient,
    /// The secret's public name.
    pub secret: String,
    /// SHA-256 of the secret.
    pub digest: Vec<u8>,
}

/// The live secrets of a client, at most two; none when the client or its organization is absent, disabled or removed.
///
/// # Errors
/// Any [`StoreError`] of the engine.
pub async fn find_secrets(
    db: &impl Query,
    client: &ClientId,
) -> Result<Vec<LiveSecret>, StoreError> {
    let rows = db
        .query(
            "select c.id, o.org, o.id, c.role, s.secret, s.digest
             from client c
             join organization o on o.org = c.org
             join client_secret s on s.client = c.id
             where c.id = $1 and c.disabled_at is null and c.removed_at is null and o.disabled_at is null
               and s.ended_at is null",
            params![client.as_str()],
        )
        .await?;
    let read = |mut row: Row| {
        Ok(LiveSecret {
            client: live_client(&mut row)?,
            secret: row.take(4)?,
            digest: row.take(5)?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// The client behind a token, when it, its organization and the secret that made the token are live and the token
/// itself (`jti`) is not revoked.
///
/// # Errors
/// Any [`StoreError`] of the engine.
pub async fn find_live(
    db: &impl Query,
    client: &ClientId,
    secret: &str,
    jti: &str,
) -> Result<Option<LiveClient>, StoreError> {
    let row = db
        .query_opt(
            "select c.id, o.org, o.id, c.role
             from client c
             join organization o on o.org = c.org
             join client_secret s on s.client = c.id
             where c.id = $1 and c.disabled_at is null and c.removed_at is null and o.disabled_at is null
               and s.secret = $2 and s.ended_at is null
               and not exists (select 1 from revoked_token r where r.jti = $3)",
            params![client.as_str(), secret, jti],
        )
        .await?;
    row.map(|mut row| live_client(&mut row)).transpose()
}

fn live_client(row: &mut Row) -> Result<LiveClient, StoreError> {
    let id: String = row.take(0)?;
    let organization: Vec<u8> = row.take(2)?;
    let role: String = row.take(3)?;
    Ok(LiveClient {
        id: id.parse().map_err(|_| StoreError::Corrupt(format!("client id {id}")))?,
        org: OrgKey(row.take(1)?),
        organization: OrganizationId::from_bytes(
            organization
                .try_into()
                .map_err(|_| StoreError::Corrupt(format!("organization of client {id}")))?,
        ),
        role: role.parse().map_err(|_| StoreError::Corrupt(format!("role of client {id}")))?,
    })
}
