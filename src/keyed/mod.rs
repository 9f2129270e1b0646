//! A counter per key, for as long as the key is in use (feature `keyed`).

mod counter_map;
mod shards;

pub use counter_map::CounterMap;
