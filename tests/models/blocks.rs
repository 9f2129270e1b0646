//! The block of ticket numbers that the threads of a process share, refilled under a lock.

use std::collections::BTreeSet;
use std::sync::Arc;

use loom::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};
use loom::thread;

use crate::block::Block;
use crate::explore::{explore, set};
use crate::sync::Mutex;

trait Numbers: 'static {
    fn new() -> Self;
    fn take(&self) -> Option<u64>;
    fn refill(&self, next: u64, end: u64);
}

impl Numbers for Block {
    fn new() -> Self {
        Self::new()
    }

    fn take(&self) -> Option<u64> {
        self.take()
    }

    fn refill(&self, next: u64, end: u64) {
        self.refill(next, end);
    }
}

/// Two threads that take two numbers each, out of blocks of two: in the order of the threads.
fn two_threads_take_two_numbers_each<N: Numbers>() -> BTreeSet<[u64; 4]> {
    explore(|| {
        // The numbers, and the last one that the store has given out.
        let shared = Arc::new((N::new(), Mutex::new(0)));
        let next = |(numbers, store): &(N, Mutex<u64>)| {
            numbers.take().unwrap_or_else(|| {
                let mut last = store.lock();
                numbers.take().unwrap_or_else(|| {
                    let first = *last + 1;
                    *last += 2;
                    numbers.refill(first + 1, first + 2);
                    first
                })
            })
        };
        let theirs = shared.clone();
        let other = thread::spawn(move || [next(&theirs), next(&theirs)]);
        let [a, b] = [next(&shared), next(&shared)];
        let [c, d] = other.join().unwrap();
        [a, b, c, d]
    })
}

#[test]
fn each_number_is_taken_once_and_none_is_left_out() {
    let orders =
        [[1, 2, 3, 4], [1, 3, 2, 4], [1, 4, 2, 3], [2, 3, 1, 4], [2, 4, 1, 3], [3, 4, 1, 2]];
    assert_eq!(two_threads_take_two_numbers_each::<Block>(), set(orders));
}

/// A twin: the new end can be seen together with the old place.
struct EndFirst(AtomicU64, AtomicU64);

impl Numbers for EndFirst {
    fn new() -> Self {
        Self(AtomicU64::new(0), AtomicU64::new(0))
    }

    fn take(&self) -> Option<u64> {
        let mut next = self.0.load(Relaxed);
        while next < self.1.load(Acquire) {
            match self.0.compare_exchange_weak(next, next + 1, Relaxed, Relaxed) {
                Ok(_) => return Some(next),
                Err(now) => next = now,
            }
        }
        None
    }

    fn refill(&self, next: u64, end: u64) {
        self.1.store(end, Release);
        self.0.store(next, Release);
    }
}

#[test]
fn a_new_end_before_the_new_place_gives_a_number_twice() {
    let seen = two_threads_take_two_numbers_each::<EndFirst>();
    assert!(seen.iter().any(|numbers| BTreeSet::from(*numbers).len() < 4), "{seen:?}");
}
