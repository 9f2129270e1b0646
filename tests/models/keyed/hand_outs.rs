//! Each addition is in one hand-out or stands, whatever happens at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use loom::thread;

use crate::explore::{explore, set, spawn};
use crate::keyed::BoundCounter;
use crate::{Counter, CounterFamily};

/// What the models are run over: the family and its twins. All under one key, but for the cap.
pub trait Family: Default + 'static {
    fn add(&self, n: u64);
    fn remove(&self) -> u64;
    fn sweep(&self) -> u64;
    /// What `for_each` shows.
    fn shown(&self) -> u64;
}

impl Family for CounterFamily<u8> {
    fn add(&self, n: u64) {
        self.add(&1, n);
    }
    fn remove(&self) -> u64 {
        self.remove(&1)
    }
    fn sweep(&self) -> u64 {
        self.sweep().into_iter().map(|(_, count)| count).sum()
    }
    fn shown(&self) -> u64 {
        let mut total = 0;
        self.for_each(|_, standing| total += standing);
        total
    }
}

fn new<F: Family>() -> Arc<F> {
    let family = Arc::new(F::default());
    family.add(1); // what the first use makes is there before any thread is
    assert_eq!(family.remove(), 1);
    family
}

/// Two additions of a thread are concurrent with a removal. Returns (the removal, what stands
/// afterwards).
pub fn two_additions_beside_a_removal<F: Family>() -> BTreeSet<(u64, u64)> {
    explore(|| {
        let family = new::<F>();
        let adding = spawn(&family, |family| {
            family.add(1);
            family.add(2);
        });
        let removed = family.remove();
        adding.join().unwrap();
        (removed, family.remove())
    })
}

#[test]
fn an_addition_beside_a_removal_is_in_it_or_in_the_next() {
    let outcomes = two_additions_beside_a_removal::<CounterFamily<u8>>();
    assert_eq!(outcomes, set([(0, 3), (1, 2), (3, 0)]));
}

/// 4 is added before two concurrent removals, 1 during them. Returns (theirs, mine, the rest).
pub fn two_removals_beside_an_addition<F: Family>() -> BTreeSet<(u64, u64, u64)> {
    explore(|| {
        let family = new::<F>();
        family.add(4);
        let adding = spawn(&family, |family| family.add(1));
        let removing = spawn(&family, F::remove);
        let mine = family.remove();
        adding.join().unwrap();
        let theirs = removing.join().unwrap();
        (theirs, mine, family.remove())
    })
}

#[test]
fn of_two_removals_each_has_what_the_other_has_not() {
    let outcomes = two_removals_beside_an_addition::<CounterFamily<u8>>();
    let first_theirs = [(4, 0, 1), (4, 1, 0), (5, 0, 0)];
    let first_mine = [(0, 4, 1), (1, 4, 0), (0, 5, 0)];
    assert_eq!(outcomes, first_theirs.into_iter().chain(first_mine).collect());
}

/// Two sweeps are concurrent with the first addition under a key. Returns (the sweeps, what stands
/// afterwards).
pub fn two_sweeps_beside_the_first_addition<F: Family>() -> BTreeSet<(u64, u64, u64)> {
    explore(|| {
        let family = new::<F>();
        let adding = spawn(&family, |family| family.add(1));
        let swept = (family.sweep(), family.sweep());
        adding.join().unwrap();
        (swept.0, swept.1, family.remove())
    })
}

#[test]
fn a_first_addition_beside_sweeps_is_in_one_or_stands() {
    let outcomes = two_sweeps_beside_the_first_addition::<CounterFamily<u8>>();
    assert_eq!(outcomes, set([(0, 0, 1), (0, 1, 0)]));
}

/// A thread adds 1 and ends during two sweeps. Another adds 2, with the number and the map of the
/// first if that has left them. Returns (the second sweep, what stands afterwards).
fn a_thread_ends_beside_sweeps() -> BTreeSet<(u64, u64)> {
    explore(|| {
        let family = new::<CounterFamily<u8>>();
        let ending = spawn(&family, |family| family.increment(&1));
        assert_eq!(Family::sweep(&*family), 0);
        let swept = Family::sweep(&*family);
        ending.join().unwrap();
        spawn(&family, |family| family.add(&1, 2)).join().unwrap();
        (swept, Family::remove(&*family))
    })
}

#[test]
fn a_thread_that_ends_beside_sweeps_loses_nothing() {
    assert_eq!(a_thread_ends_beside_sweeps(), set([(0, 3), (1, 2)]));
}

/// A thread adds through a bound counter, which it drops. Returns (a concurrent removal, what stands
/// afterwards, the keys that are then left).
fn a_bound_counter_beside_a_removal() -> BTreeSet<(u64, u64, usize)> {
    explore(|| {
        let family = new::<CounterFamily<u8>>();
        let bound = family.counter(&1);
        let adding = thread::spawn(move || {
            bound.add(1);
            bound.add(2);
        });
        let removed = family.remove(&1);
        adding.join().unwrap();
        (removed, family.remove(&1), family.len())
    })
}

#[test]
fn a_bound_addition_beside_a_removal_is_in_it_or_in_the_next() {
    assert_eq!(a_bound_counter_beside_a_removal(), set([(0, 3, 0), (1, 2, 0), (3, 0, 0)]));
}

/// Returns (a read of the handle before a removal, the removal, a read after it).
fn a_bound_read_beside_a_removal() -> BTreeSet<(u64, u64, u64)> {
    explore(|| {
        let family = new::<CounterFamily<u8>>();
        let bound = family.counter(&1);
        let mine = bound.clone();
        let adding = thread::spawn(move || bound.add(1));
        let first = mine.get();
        let removed = family.remove(&1);
        let second = BoundCounter::get(&mine);
        adding.join().unwrap();
        (first, removed, second)
    })
}

#[test]
fn a_bound_read_never_goes_back() {
    let outcomes = a_bound_read_beside_a_removal();
    assert_eq!(outcomes, set([(0, 0, 0), (0, 0, 1), (0, 1, 1), (1, 1, 1)]));
}

/// Returns what stands under two keys that race for the one place, and in the overflow.
fn two_new_keys_at_the_cap() -> BTreeSet<(u64, u64, u64, usize)> {
    explore(|| {
        let family = Arc::new(CounterFamily::<u8>::with_max_keys(1));
        assert_eq!(family.len(), 0);
        let other = spawn(&family, |family| family.increment(&2));
        family.increment(&1);
        other.join().unwrap();
        (family.get(&1), family.get(&2), family.overflow().get(), family.len())
    })
}

#[test]
fn of_two_new_keys_one_gets_the_last_place() {
    assert_eq!(two_new_keys_at_the_cap(), set([(1, 0, 1, 1), (0, 1, 1, 1)]));
}

/// Returns what is shown while a thread adds 1 and removes it again.
pub fn shown_beside_a_removal<F: Family>() -> BTreeSet<(u64, u64)> {
    explore(|| {
        let family = new::<F>();
        family.add(1);
        let removing = spawn(&family, |family| {
            family.add(1);
            family.remove()
        });
        let shown = family.shown();
        (shown, removing.join().unwrap())
    })
}

#[test]
fn what_is_shown_beside_a_removal_is_never_below_zero() {
    let outcomes = shown_beside_a_removal::<CounterFamily<u8>>();
    assert_eq!(outcomes, set([(0, 2), (1, 2), (2, 2)]));
}
