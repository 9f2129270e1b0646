//! How many bytes does a counter take, when eight threads have added to each of 1 to 10,000?
//!
//! All that was allocated for the counters and not freed counts.
#![allow(missing_docs, clippy::cast_precision_loss)]

mod common;
#[path = "common/memory.rs"]
mod memory;

use common::baselines::{Atomic, ParkingLotMutex, StdMutex};
use hotcount::{AtomicCounter, Counter, LockedCounter, ShardedCounter};
use memory::{Measure, measure_all};

const THREADS: usize = 8;
/// Enough that a `ShardedCounter` takes a column.
const ROUNDS: usize = 100;
const COUNTS: [usize; 5] = [1, 10, 100, 1_000, 10_000];

/// The bytes in use after eight threads have added to each of `count` counters.
fn bytes<C: Counter + Default>(count: usize) -> usize {
    memory::bytes(
        THREADS,
        || (0..count).map(|_| C::default()).collect::<Vec<_>>(),
        |counters| (0..ROUNDS).for_each(|_| counters.iter().for_each(Counter::increment)),
        |counters| {
            let total = (THREADS * ROUNDS) as u64;
            assert!(counters.iter().all(|counter| counter.get() == total));
        },
    )
}

const TYPES: [(&str, Measure); 6] = [
    ("ShardedCounter", bytes::<ShardedCounter>),
    ("AtomicCounter", bytes::<AtomicCounter>),
    ("AtomicU64", bytes::<Atomic>),
    ("LockedCounter", bytes::<LockedCounter>),
    ("parking_lot Mutex", bytes::<ParkingLotMutex>),
    ("std Mutex", bytes::<StdMutex>),
];

fn main() {
    measure_all("memory", &TYPES, &COUNTS, |count| count as f64);
}
