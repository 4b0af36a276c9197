//! The identity provider, as an OAuth client sees it.

mod attempts;
mod changes;
mod discovery;
mod introspect;
mod keys;
mod rate_limits;
mod revoke;
mod token;
mod token_expiry;
