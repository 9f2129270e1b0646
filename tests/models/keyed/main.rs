//! Model checks of `CounterFamily`, over the files of `src/keyed` that count and hand out.
//!
//! A program of its own, because a stand-in takes the place of `ShardedCounter`, which has models of
//! its own in `tests/models`. loom drops a thread's locals in random order, so only one of a model
//! may do what loom sees: here the lease of the thread's number, there the lease of its row.
#![allow(missing_docs, dead_code, unreachable_pub, unused_imports)]
#![allow(clippy::must_use_candidate, clippy::new_without_default)]

#[path = "../../../src/counter.rs"]
mod counter;
#[path = "../explore.rs"]
mod explore;
#[path = "../sync/mod.rs"]
mod sync;
#[path = "../watched.rs"]
mod watched;
#[path = "../watched_u64.rs"]
mod watched_u64;

mod hand_outs;
mod keyed;
mod look_ups;
mod maps;
mod sharded;
mod twins;

pub use counter::{Counter, FetchAdd};
pub use keyed::counter_family::CounterFamily;
pub use sharded::ShardedCounter;
