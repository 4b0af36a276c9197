//! Search over documents, sentence by sentence of `docs/spec/public-api.md`.

mod computed_sorting;
mod filters;
mod organization_wide;
mod paging;
mod random_pages;
mod sorting;
mod terms;
