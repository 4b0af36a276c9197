//! Searches against a model that looks at every document.

mod bulk;
mod dice;
mod fixture;
mod model;
mod plans;
mod random;
mod refusals;
