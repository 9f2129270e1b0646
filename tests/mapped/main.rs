//! Counters in a file, with processes, kills and damaged files as they are.
#![cfg(all(feature = "mapped", unix))]
#![allow(missing_docs)]

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
