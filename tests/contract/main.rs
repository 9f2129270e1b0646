//! The contract over real threads: one body for every counter.
#![allow(missing_docs)]

/// Runs a generic test once for each counter named.
macro_rules! for_each_counter {
    ($($test:ident: $($counter:ident),*;)*) => {$(
        mod $test {
            $(
                #[test]
                #[allow(non_snake_case)]
                fn $counter() {
                    super::$test::<super::$counter>();
                }
            )*
        }
    )*};
}

mod counters;
mod locked;
#[cfg(feature = "mapped")]
mod mapped;
mod numbers;
mod sharded;
mod up_down;

use std::thread;

use counters::*;
use hotcount::{AtomicCounter, Counter, LockedCounter, ShardedCounter};
use numbers::*;

for_each_counter! {
    fifty_threads_times_1000_are_50_000: AtomicCounter, LockedCounter, ShardedCounter;
    gets_during_adds_are_bracketed_and_never_go_back: AtomicCounter, LockedCounter, ShardedCounter;
    overflow_wraps: AtomicCounter, LockedCounter, ShardedCounter;
    a_cursor_crosses_an_overflow: AtomicCounter, LockedCounter, ShardedCounter;
    cursors_during_adds_miss_and_double_nothing: AtomicCounter, LockedCounter, ShardedCounter;
    a_counter_is_used_through_pointers: AtomicCounter, LockedCounter, ShardedCounter;
    it_crosses_threads_and_panics: AtomicCounter, LockedCounter, ShardedCounter;
    it_has_the_common_constructors: AtomicCounter, LockedCounter, ShardedCounter;
    a_hundred_clients_get_the_numbers_1_to_100: AtomicCounter, LockedCounter;
    numbers_wrap: AtomicCounter, LockedCounter;
    numbers_come_through_pointers: AtomicCounter, LockedCounter;
}

#[test]
fn each_counter_fits_in_a_static() {
    static ATOMIC: [AtomicCounter; 2] = [AtomicCounter::new(), AtomicCounter::starting_at(5)];
    static LOCKED: [LockedCounter; 2] = [LockedCounter::new(), LockedCounter::starting_at(5)];
    static SHARDED: [ShardedCounter; 2] = [ShardedCounter::new(), ShardedCounter::starting_at(5)];
    let all: [[&dyn Counter; 2]; 3] = [
        ATOMIC.each_ref().map(|counter| counter as _),
        LOCKED.each_ref().map(|counter| counter as _),
        SHARDED.each_ref().map(|counter| counter as _),
    ];
    for [zero, five] in all {
        for (counter, start) in [(zero, 0), (five, 5)] {
            assert_eq!(counter.get(), start);
            thread::spawn(move || counter.add(3)).join().expect("it counts");
            counter.increment();
            assert_eq!(counter.get(), start + 4);
        }
    }
}

#[test]
fn into_inner_returns_the_value() {
    let atomic = AtomicCounter::from(3);
    atomic.increment();
    assert_eq!(atomic.into_inner(), 4);
    let locked = LockedCounter::from(3);
    locked.increment();
    assert_eq!(locked.into_inner(), 4);
    let sharded = ShardedCounter::from(3);
    assert_eq!(ShardedCounter::from(3).into_inner(), 3);
    sharded.increment();
    assert_eq!(sharded.into_inner(), 4);
}

#[test]
fn counters_are_small() {
    assert_eq!(size_of::<AtomicCounter>(), 8);
    assert!(size_of::<LockedCounter>() <= 16);
    assert!(size_of::<ShardedCounter>() <= 24);
}
