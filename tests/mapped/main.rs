//! Counters in a file, with processes, kills and damaged files as they are.
#![cfg(all(feature = "mapped", unix))]
// The feature needs Rust 1.89, for std's file locks.
#![allow(missing_docs, clippy::incompatible_msrv)]

mod bad_files;
mod creation;
mod forks;
mod format;
mod jobs;
mod kills;
mod processes;
mod random_files;
mod registration;
mod scratch;
mod worker;
