//! Counters under keys: what removals and sweeps hand out, what stays, and that nothing is in neither.
#![allow(missing_docs)]

mod family;
mod map;
mod parking;
