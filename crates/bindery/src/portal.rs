//! The developer portal at `/docs/`: the built site of `docs/portal`, embedded in the program.
//!
//! Release builds hold the files; debug builds read the folder, so that a site that was built anew shows at once.
//! Paths are taken as they are spelled: the case rules of `/api` do not apply here.

mod answer;
mod coding;
mod content_type;
mod policy;
mod site;

pub(crate) use answer::{get_index, get_page, redirect_to_index};
pub use policy::Policy;
