//! The demonstration.
mod drawing;
mod ids;
mod letter;
mod pdf;
mod rng;
mod structure;
mod words;
