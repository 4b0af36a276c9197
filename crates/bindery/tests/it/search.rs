//! Search over documents, sentence by sentence of `docs/spec/public-api.md`.

mod filters;
mod paging;
mod sorting;
mod terms;
