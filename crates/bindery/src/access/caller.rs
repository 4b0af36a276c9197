//! Extractors that prove who calls. A handler that names one of them cannot be reached without it.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use bindery_domain::{ClientId, FieldErrors, OrganizationId, Refusal, Role, Scope, Visible};
use http::request::Parts;
use http::{HeaderMap, header};

use crate::api::ApiError;
use crate::api::problem::Challenge;
use crate::app::App;
use crate::identity::{Session, SessionError};
use crate::middleware::current;

/// The header that names the organization.
const TENANT_HEADER: &str = "x-ibinder-tenantid";

/// A client with a live token, calling within its own organization. Of any role.
#[derive(Debug, Clone)]
pub struct Caller(Arc<Session>);

/// A caller that may read: every role.
#[derive(Debug, Clone)]
pub struct Reader(Caller);

/// A caller that may also create.
#[derive(Debug, Clone)]
pub struct Creator(Caller);

/// A caller that may manage.
#[derive(Debug, Clone)]
pub struct Admin(Caller);

/// A caller that may create, at the one call that takes no tenant header.
#[derive(Debug, Clone)]
pub struct HeaderlessCreator(Caller);

impl Caller {
    /// What the caller may reach.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.0.scope
    }

    /// What of it the caller may see.
    #[must_use]
    pub fn visible(&self) -> Visible {
        Visible::All
    }

    /// The client.
    #[must_use]
    pub fn client_id(&self) -> &ClientId {
        &self.0.client
    }

    /// The client's organization.
    #[must_use]
    pub fn organization_id(&self) -> OrganizationId {
        self.0.organization
    }

    /// The client's role.
    #[must_use]
    pub fn role(&self) -> Role {
        self.0.role
    }

    /// Token first, then the client's bucket: calls with no proven client are nobody's.
    async fn authenticate(parts: &Parts, app: &App) -> Result<Self, ApiError> {
        let token = bearer(&parts.headers)?;
        let now = app.clock.now();
        let session = app.identity.session(token, now).await?;
        current::note_client(session.client.as_str());
        let left = app.limits.take_call(session.client.as_str(), now);
        current::note_quota(left);
        match left.retry_after {
            None => Ok(Self(session)),
            Some(retry_after) => Err(ApiError::Throttled { retry_after }),
        }
    }

    fn check_tenant(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let mut lines = headers.get_all(TENANT_HEADER).iter();
        let named = match (lines.next(), lines.next()) {
            (Some(line), None) => {
                line.to_str().ok().and_then(|text| text.trim().parse::<OrganizationId>().ok())
            }
            (None, _) => {
                return Err(FieldErrors::one(TENANT_HEADER, "the header is missing").into());
            }
            (Some(_), Some(_)) => None,
        };
        match named {
            None => Err(FieldErrors::one(TENANT_HEADER, "not an organization id (a GUID)").into()),
            Some(named) if named != self.0.organization => Err(ApiError::WrongTenant),
            Some(_) => Ok(()),
        }
    }

    fn check_role(&self, needs: Role) -> Result<(), ApiError> {
        if self.0.role >= needs { Ok(()) } else { Err(Refusal::Forbidden { needs }.into()) }
    }
}

/// The token of the `Authorization` header (RFC 6750, section 2.1). Another scheme carries no token.
fn bearer(headers: &HeaderMap) -> Result<&str, ApiError> {
    const NONE: ApiError = ApiError::Unauthenticated(Challenge::NoToken);
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return Err(NONE) };
    let Ok(line) = line.to_str() else { return Err(invalid("not an access token")) };
    let (scheme, token) = line.split_once(' ').ok_or(NONE)?;
    let token = token.trim();
    if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() { Ok(token) } else { Err(NONE) }
}

fn invalid(why: &'static str) -> ApiError {
    ApiError::Unauthenticated(Challenge::InvalidToken(why))
}

impl From<SessionError> for ApiError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Store(error) => error.into(),
            // Which check failed helps nobody who has a right token.
            SessionError::Invalid(_) | SessionError::Ended => {
                invalid("expired, revoked or not ours")
            }
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = Self::authenticate(parts, app).await?;
        caller.check_tenant(&parts.headers)?;
        Ok(caller)
    }
}

impl FromRequestParts<App> for HeaderlessCreator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = Caller::authenticate(parts, app).await?;
        caller.check_role(Role::Creator)?;
        Ok(Self(caller))
    }
}

macro_rules! role_extractor {
    ($($name:ident),*) => {$(
        impl FromRequestParts<App> for $name {
            type Rejection = ApiError;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
                let caller = Caller::from_request_parts(parts, app).await?;
                caller.check_role(Role::$name)?;
                Ok(Self(caller))
            }
        }
    )*};
}
role_extractor!(Reader, Creator, Admin);

macro_rules! is_a_caller {
    ($($name:ident),*) => {$(
        impl Deref for $name {
            type Target = Caller;

            fn deref(&self) -> &Caller {
                &self.0
            }
        }
    )*};
}
is_a_caller!(Reader, Creator, Admin, HeaderlessCreator);
