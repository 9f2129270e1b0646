//! How many bytes does a key take, when 1 to 32 threads have counted under each of 10,000?
//!
//! All that was allocated for the map and not freed counts.
#![allow(missing_docs, clippy::cast_precision_loss)]

mod common;
#[path = "common/memory.rs"]
mod memory;

use std::collections::HashMap;

use common::runner::thread_counts;
use dashmap::DashMap;
use hotcount::keyed::{CounterFamily, CounterMap};
use memory::{Measure, measure_all};
use parking_lot::Mutex;

const KEYS: u64 = 10_000;

/// Enough that a `ShardedCounter` takes a column.
const ROUNDS: u64 = 100;

/// The bytes in use after the threads have counted under each key.
fn bytes<M: Send + Sync>(threads: usize, new: fn() -> M, increment: fn(&M, u64)) -> usize {
    let work = |map: &M| (0..ROUNDS).for_each(|_| (0..KEYS).for_each(|key| increment(map, key)));
    memory::bytes(threads, new, work, |_| ())
}

const MAPS: [(&str, Measure); 4] = [
    ("CounterFamily", |threads| {
        bytes(threads, CounterFamily::<u64>::new, |family, key| family.increment(&key))
    }),
    ("CounterMap", |threads| {
        bytes(threads, CounterMap::<u64>::new, |map, key| map.increment(&key))
    }),
    ("DashMap", |threads| {
        bytes(threads, DashMap::<u64, u64>::new, |map, key| *map.entry(key).or_default() += 1)
    }),
    ("Mutex<HashMap>", |threads| {
        let increment =
            |map: &Mutex<HashMap<u64, u64>>, key| *map.lock().entry(key).or_default() += 1;
        bytes(threads, Mutex::default, increment)
    }),
];

fn main() {
    measure_all("keyed_memory", &MAPS, &thread_counts(), |_| KEYS as f64);
}
