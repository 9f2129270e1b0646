//! A child after `fork` has one thread, and the memory as the others left it. It counts in it,
//! whatever they were doing.
#![cfg(unix)]
#![allow(missing_docs)]

mod child;

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use child::in_a_child;
use hotcount::{AtomicCounter, Counter, ShardedCounter, UpDownCounter};

static BUSY: ShardedCounter = ShardedCounter::new();
static UNUSED: ShardedCounter = ShardedCounter::new();
static ATOMIC: AtomicCounter = AtomicCounter::new();
static GAUGE: UpDownCounter = UpDownCounter::new();

/// Adds to old, unused and new counters, and compares what they say before and after.
fn counts_exactly() -> bool {
    let all: [&dyn Counter; 3] = [&BUSY, &UNUSED, &ATOMIC];
    let before = all.map(Counter::get);
    let in_flight = GAUGE.get();
    let fresh: [ShardedCounter; 40] = [const { ShardedCounter::new() }; 40];
    for _ in 0..100 {
        for counter in all {
            counter.increment();
        }
        fresh.iter().for_each(ShardedCounter::increment);
        GAUGE.add(2);
        GAUGE.decrement();
    }
    let added = (0..3).all(|which| all[which].get() == before[which] + 100);
    let fresh = fresh.into_iter().all(|counter| counter.into_inner() == 100);
    added && fresh && GAUGE.get() == in_flight + 100
}

/// Threads and counters come and go, so the lock is held at many of the forks.
fn churn(stop: &AtomicBool) {
    while !stop.load(Relaxed) {
        let counters: Vec<_> = (0..40).map(ShardedCounter::from).collect();
        let once = thread::spawn(move || {
            for counter in &counters {
                (0..40).for_each(|_| counter.increment());
            }
            BUSY.increment();
            GAUGE.increment();
            GAUGE.decrement();
            ATOMIC.increment();
        });
        once.join().expect("it counts");
    }
}

#[test]
fn fifty_children_count_exactly_whatever_other_threads_did_at_the_fork() {
    static STOP: AtomicBool = AtomicBool::new(false);
    let churning = [(); 3].map(|()| thread::spawn(|| churn(&STOP)));
    for fork in 0..50 {
        // A thread that has a row, and one that has none.
        let status = if fork % 2 == 0 {
            BUSY.increment();
            in_a_child(counts_exactly)
        } else {
            let forks = thread::spawn(|| in_a_child(counts_exactly));
            forks.join().expect("it forks")
        };
        assert_eq!(status, 0, "fork {fork}");
    }
    STOP.store(true, Relaxed);
    churning.into_iter().for_each(|thread| thread.join().expect("it counts"));
}
