//! A checker of histories: threads add known amounts, hand each other what they have read, end and
//! come again, and every read is compared with what it has to count and with what it may count.
//!
//! The checker knows nothing of the engine. `faulty.rs` has counters with one fault each, and the
//! checker finds every one of them.
#![allow(missing_docs)]

mod faulty;
mod ledger;
mod worker;

use hotcount::{AtomicCounter, LockedCounter, ShardedCounter, UpDownCounter};

use worker::history;

/// The operations of a run, over all threads.
const OPERATIONS: u64 = 1_000_000;

#[test]
fn a_million_operations_on_sharded_counters_keep_the_contract() {
    history::<ShardedCounter, UpDownCounter>(OPERATIONS, 1).unwrap();
}

#[test]
fn operations_on_the_other_counters_keep_the_contract() {
    history::<AtomicCounter, UpDownCounter>(OPERATIONS / 10, 2).unwrap();
    history::<LockedCounter, UpDownCounter>(OPERATIONS / 10, 3).unwrap();
}

#[test]
#[ignore = "it takes a minute: cargo test --release --test history -- --ignored"]
fn a_hundred_million_operations_on_sharded_counters_keep_the_contract() {
    for seed in 0..100 {
        history::<ShardedCounter, UpDownCounter>(OPERATIONS, seed).unwrap();
    }
}
