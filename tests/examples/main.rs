//! The examples, run as the programs that they are.
#![allow(missing_docs)]

#[cfg(feature = "redis")]
mod many_machines;
mod page_hits;
mod program;
mod quickstart;

#[cfg(feature = "redis")]
#[allow(dead_code)]
#[path = "../store/server.rs"]
mod server;
