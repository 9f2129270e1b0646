//! The examples, run as the programs that they are.
#![allow(missing_docs)]

#[cfg(feature = "mapped")]
mod beside_python;
mod exercises;
mod exporter;
mod header;
mod list;
#[cfg(feature = "redis")]
mod many_machines;
mod page_hits;
mod play;
#[cfg(feature = "mapped")]
mod processes;
mod program;
mod sessions;
#[cfg(feature = "mapped")]
mod watch_counters;
mod which_counter;
mod wrong;

#[cfg(feature = "redis")]
#[allow(dead_code)]
#[path = "../store/server.rs"]
mod server;
