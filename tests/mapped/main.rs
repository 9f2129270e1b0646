//! Counters in a file, with real processes, kills, full disks and damaged files.
#![cfg(feature = "mapped")]
#![allow(missing_docs)]

mod bad_files;
mod creation;
#[cfg(target_os = "linux")]
mod disks;
#[cfg(all(feature = "prometheus", feature = "prometheus-client"))]
mod exports;
#[cfg(unix)]
mod forks;
mod format;
mod jobs;
mod kills;
mod messages;
mod power_cuts;
mod processes;
mod random_files;
mod registration;
mod scratch;
mod series;
#[cfg(unix)]
mod unix_files;
mod worker;
