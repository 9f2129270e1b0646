//! The examples, run as the programs that they are.
#![allow(missing_docs)]

mod header;
mod list;
mod page_hits;
mod program;
mod which_counter;
