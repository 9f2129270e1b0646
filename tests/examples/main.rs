//! The examples, run as the programs that they are.
#![allow(missing_docs)]

mod exporter;
mod header;
mod list;
mod page_hits;
mod program;
mod report;
mod sessions;
mod which_counter;
