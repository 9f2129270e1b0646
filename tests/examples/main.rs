//! The examples, run as the programs that they are.
#![allow(missing_docs)]

mod exporter;
mod header;
mod list;
#[cfg(feature = "redis")]
mod many_machines;
mod page_hits;
mod program;
mod report;
mod sessions;
mod which_counter;

#[cfg(feature = "redis")]
#[allow(dead_code)]
#[path = "../store/server.rs"]
mod server;
