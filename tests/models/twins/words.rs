//! One word, or one lock, used in two steps.

use std::sync::Arc;

use loom::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

use crate::claims::cursors::{cursors_partition_the_additions, windows};
use crate::claims::numbers::{
    no_value_is_read_outside_the_critical_section, numbers_are_unique_and_gap_free,
};
use crate::claims::reads::{
    three_threads_that_add_lose_nothing, two_threads_that_add_twice_lose_nothing,
};
use crate::sync::{AtomicU64, Mutex};
use crate::{Counter, FetchAdd};

/// `count += 1`, written out.
struct LoadThenStore {
    value: AtomicU64,
}

impl From<u64> for LoadThenStore {
    fn from(start: u64) -> Self {
        Self { value: AtomicU64::new(start) }
    }
}

impl Counter for LoadThenStore {
    fn add(&self, n: u64) {
        let before = self.value.load(Acquire);
        self.value.store(before + n, Release);
    }

    fn get(&self) -> u64 {
        self.value.load(Acquire)
    }
}

#[test]
fn load_then_store_loses_an_addition() {
    assert!(three_threads_that_add_lose_nothing::<LoadThenStore>().contains(&2));
    assert!(two_threads_that_add_twice_lose_nothing::<LoadThenStore>().contains(&2));
}

/// `reset`, as a reader would write it.
#[test]
fn a_reset_by_load_and_store_of_zero_takes_and_loses() {
    let outcomes = windows::<LoadThenStore, Arc<LoadThenStore>>(
        |counter| counter,
        |counter| {
            let count = counter.value.load(Acquire);
            counter.value.store(0, Release);
            count
        },
    );
    let taken_from_the_other = [(3, 0), (0, 0)];
    let two_lost = [(1, 0), (0, 0)];
    assert!(outcomes.contains(&taken_from_the_other), "{outcomes:?}");
    assert!(outcomes.contains(&two_lost), "{outcomes:?}");
}

/// A reader that drains the cell of the thread that adds: that thread's load and store
/// overwrites the zero.
struct DrainBySwap {
    total: AtomicU64,
    cell: AtomicU64,
}

impl From<u64> for DrainBySwap {
    fn from(start: u64) -> Self {
        Self { total: AtomicU64::new(start), cell: AtomicU64::new(0) }
    }
}

impl Counter for DrainBySwap {
    fn add(&self, n: u64) {
        let before = self.cell.load(Relaxed);
        self.cell.store(before + n, Release);
    }

    fn get(&self) -> u64 {
        let drained = self.cell.swap(0, AcqRel);
        self.total.fetch_add(drained, AcqRel) + drained
    }
}

#[test]
fn a_swap_of_anothers_cell_counts_twice() {
    let outcomes = cursors_partition_the_additions::<DrainBySwap>();
    assert!(outcomes.iter().any(|[(first, rest), _]| first + rest == 4), "{outcomes:?}");
}

/// The addition is locked, the number is read after the lock is released.
struct ReadOutsideTheLock {
    value: Mutex<u64>,
}

impl From<u64> for ReadOutsideTheLock {
    fn from(start: u64) -> Self {
        Self { value: Mutex::new(start) }
    }
}

impl Counter for ReadOutsideTheLock {
    fn add(&self, n: u64) {
        *self.value.lock() += n;
    }

    fn get(&self) -> u64 {
        *self.value.lock()
    }
}

impl FetchAdd for ReadOutsideTheLock {
    fn fetch_add(&self, n: u64) -> u64 {
        self.add(n);
        self.get() - n
    }
}

#[test]
fn a_number_read_outside_the_lock_is_given_twice() {
    let outcomes = no_value_is_read_outside_the_critical_section::<ReadOutsideTheLock>();
    assert!(outcomes.contains(&[1, 3, 3, 4]), "{outcomes:?}");
    assert!(outcomes.iter().any(|[a, _, c, _]| (*a, *c) == (2, 2)), "{outcomes:?}");
    assert!(numbers_are_unique_and_gap_free::<ReadOutsideTheLock>().contains(&[3, 3, 3]));
}
