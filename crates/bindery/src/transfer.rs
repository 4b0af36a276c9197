//! Bytes over HTTP: what presigned URLs lead to.
//!
//! Nothing here knows tokens or roles: the URL itself is the permission, see [`crate::links`].

pub mod block_list;
pub mod conditional;
pub mod disposition;
pub mod media_type;
pub mod range;
