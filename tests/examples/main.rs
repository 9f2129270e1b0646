//! The examples, run as the programs that they are.
#![allow(missing_docs)]

mod page_hits;
mod program;
mod quickstart;
