//! Memory of counters under keys, by what the allocator hands out: in a process of its own, one test.
#![allow(missing_docs)]

#[path = "../benches/common/allocated.rs"]
mod allocated;

use std::sync::Barrier;
use std::thread;

use allocated::allocated;
use hotcount::keyed::{CounterFamily, CounterMap};

#[test]
fn memory_follows_the_number_of_keys() {
    an_emptied_map_frees_its_memory();
    fresh_keys_in_each_round_leave_a_family_flat();
}

fn an_emptied_map_frees_its_memory() {
    let map = CounterMap::<u64>::new();
    let empty = allocated();
    let peak = || {
        (0..100_000).for_each(|key| map.increment(&key));
        assert!(allocated() > empty + 1_000_000);
    };
    peak();
    assert!((0..100_000).all(|key| map.remove(&key).is_some()));
    let after_removals = allocated() - empty;
    peak();
    assert_eq!((map.sweep().len(), map.sweep().len()), (0, 100_000));
    let after_sweeps = allocated() - empty;
    // Each of the 64 locks keeps room for a few keys.
    assert!(after_removals.max(after_sweeps) < 32_768, "{after_removals} {after_sweeps}");
}

/// Threads that stay idle at the end, and others that come and go, count under keys that never come
/// back.
fn fresh_keys_in_each_round_leave_a_family_flat() {
    const KEYS: u64 = 5_000;
    let family = CounterFamily::<u64>::new();
    let after_round = |round: u64| {
        let counted = Barrier::new(5);
        let swept = Barrier::new(5);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    (round * KEYS..(round + 1) * KEYS).for_each(|key| family.increment(&key));
                    counted.wait();
                    swept.wait();
                });
            }
            counted.wait();
            assert_eq!(family.len() as u64, KEYS);
            let removed: u64 = (0..KEYS / 2).map(|key| family.remove(&(round * KEYS + key))).sum();
            let swept_out: u64 = (0..2).flat_map(|_| family.sweep()).map(|(_, count)| count).sum();
            assert_eq!((removed, swept_out), (2 * KEYS, 2 * KEYS));
            let bytes = allocated();
            swept.wait();
            bytes
        })
    };
    let rounds: Vec<_> = (0..8).map(after_round).collect();
    let first = rounds[1]; // the first round makes the rows and the maps
    assert!(rounds[2..].iter().all(|&round| round < first + 16_384), "{rounds:?}");
}
