//! How what belongs to a key is found: in a map of the calling thread's own, or in one that all
//! threads share.
//!
//! The families, `CounterMap` and the recorder `metrics::Sharded` are built on it.

mod hashed;
mod place;
mod shards;
mod sync;
mod thread_maps;
mod thread_number;

pub(crate) use hashed::Hashed;
pub(crate) use shards::Shards;
pub(crate) use thread_maps::ThreadMaps;
