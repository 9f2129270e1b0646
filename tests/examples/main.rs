//! The examples, run as the programs that they are.
#![allow(missing_docs)]

mod page_hits;
#[cfg(feature = "mapped")]
mod processes;
mod program;
mod quickstart;
#[cfg(feature = "mapped")]
mod watch_counters;
