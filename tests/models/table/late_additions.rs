//! Additions of a thread that has given its row back.

use std::sync::Arc;

use loom::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

use crate::explore::{explore, kept, set, spawn};
use crate::sync::{at_exit, waits_for_an_addition};
use crate::table::rows;
use crate::{Counter, ShardedCounter};

/// The thread adds 1, gives its row back as it ends, and adds 2 from another thread-local's
/// destructor, while a second thread may have the row already.
#[test]
fn an_addition_after_the_row_was_given_back_is_counted() {
    let outcomes = explore(|| {
        let (counter, ended) = (kept(ShardedCounter::new()), Arc::new(AtomicBool::new(false)));
        let (late, signal) = (counter.clone(), ended.clone());
        let _ending = spawn(&counter, move |counter| {
            at_exit(move || {
                late.add(2);
                signal.store(true, Release);
            });
            counter.add(1);
            while waits_for_an_addition() {
                // The other thread has the lock.
                loom::thread::yield_now();
                counter.add(0);
            }
        });
        counter.add(4);
        while !ended.load(Acquire) {
            loom::thread::yield_now();
        }
        (counter.get(), rows())
    });
    assert_eq!(outcomes, set([(7, 1), (7, 2)]));
}

/// The thread writes a word and adds, after it has given its row back. Returns (what the get
/// counted, what was read of the word).
#[test]
fn an_addition_after_the_row_was_given_back_is_published() {
    let outcomes = explore(|| {
        let (counter, word) = (kept(ShardedCounter::new()), Arc::new(AtomicU64::new(0)));
        let (late, written) = (counter.clone(), word.clone());
        let _ending = spawn(&counter, move |counter| {
            at_exit(move || {
                written.store(1, Relaxed);
                late.add(2);
            });
            counter.add(1);
        });
        (counter.get(), word.load(Relaxed))
    });
    assert_eq!(outcomes, set([(0, 0), (0, 1), (1, 0), (1, 1), (3, 1)]));
}
