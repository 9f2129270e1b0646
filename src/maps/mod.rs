//! Maps that find counters by their keys: one map for each thread, and one that all threads share.
//!
//! `CounterFamily` and the recorder `metrics::Sharded` use both. `CounterMap` uses the shared one.

mod hashed;
mod place;
mod shards;
mod sync;
mod thread_maps;
mod thread_number;

pub(crate) use hashed::Hashed;
pub(crate) use shards::Shards;
pub(crate) use thread_maps::ThreadMaps;
