//! Counters under keys: what removals and sweeps hand out, what stays, and that nothing is in neither.
#![allow(missing_docs)]

mod borrowed_keys;
#[cfg(unix)]
#[path = "../child/mod.rs"]
mod child;
mod family;
#[cfg(unix)]
mod forks;
mod map;
mod parking;
