//! Who calls, from where, and how often: the extractors that handlers name in their signatures.

pub mod bucket;
mod caller;
mod client_address;
mod rate_limits;

pub use caller::{Admin, Caller, Creator, HeaderlessCreator, Reader};
pub use client_address::{ClientAddress, client_address};
pub use rate_limits::RateLimits;
