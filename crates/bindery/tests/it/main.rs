//! Bindery's tests: what a caller, a client library or an operator sees. One binary, one module for each part.

mod api;
mod clients;
mod identity;
mod openapi_contract;
mod search;
mod support;
mod tidy;
