//! `Sharded` around a recorder that notes what it is asked, and around the real exporter.
#![allow(missing_docs)]

mod absolutes;
mod flushes;
mod forgetting;
mod inner_counts;
mod keys;
mod layers;
mod panics;
mod pass_through;
mod spy;
