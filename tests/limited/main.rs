//! Counting up to a limit: against a sequential model, under stress, and with permits.
#![allow(missing_docs)]

mod contract;
mod permits;
mod properties;
mod stress;

/// For the files of `src/` that `properties` includes.
#[allow(dead_code, unused_imports, unused_macros, unreachable_pub)]
#[path = "../../src/sync.rs"]
mod sync;
