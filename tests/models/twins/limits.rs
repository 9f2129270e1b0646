//! One word that is checked and changed in the wrong way.

use loom::sync::atomic::Ordering::{self, AcqRel, Acquire, Relaxed};

use crate::limits::Limited;
use crate::limits::changes::{Changes, one_shrinks_during_an_addition};
use crate::limits::grants::{
    one_wants_all_and_another_one, one_wants_too_much_while_another_wants_one,
    three_threads_want_two_units, two_threads_want_the_last_unit,
};
use crate::limits::published::{the_last_unit_is_a_lock, the_last_unit_is_taken_after_a_write};
use crate::watched_u64::WatchedU64;

/// Adds when there is room, in two steps: a check, and an addition.
struct CheckThenAdd {
    limit: u64,
    count: WatchedU64,
}

impl Limited for CheckThenAdd {
    fn new(limit: u64) -> Self {
        Self { limit, count: WatchedU64::new(0) }
    }
    fn try_add(&self, n: u64) -> bool {
        let fits = self.count.load(Acquire) + n <= self.limit;
        if fits {
            self.count.fetch_add(n, AcqRel);
        }
        fits
    }
    fn sub(&self, n: u64) {
        self.count.fetch_sub(n, AcqRel);
    }
    fn get(&self) -> u64 {
        self.count.load(Acquire)
    }
}

#[test]
fn a_check_and_then_an_addition_exceed_the_limit() {
    assert!(two_threads_want_the_last_unit::<CheckThenAdd>().contains(&(true, true, 3)));
    assert!(three_threads_want_two_units::<CheckThenAdd>().contains(&[true; 3]));
}

/// Adds first, and puts back what was too much: all of it, or by mistake 1.
struct AddThenPutBack<const ALL: bool>(CheckThenAdd);

impl<const ALL: bool> Limited for AddThenPutBack<ALL> {
    fn new(limit: u64) -> Self {
        Self(CheckThenAdd::new(limit))
    }
    fn try_add(&self, n: u64) -> bool {
        let fits = self.0.count.fetch_add(n, AcqRel) + n <= self.0.limit;
        if !fits {
            self.0.sub(if ALL { n } else { 1 });
        }
        fits
    }
    fn sub(&self, n: u64) {
        self.0.sub(n);
    }
    fn get(&self) -> u64 {
        self.0.get()
    }
}

#[test]
fn an_addition_that_is_put_back_makes_others_refuse() {
    let outcomes = one_wants_too_much_while_another_wants_one::<AddThenPutBack<true>>();
    assert!(outcomes.contains(&(false, false, 1)), "{outcomes:?}");
}

#[test]
fn a_wrong_amount_put_back_loses_a_unit() {
    let outcomes = one_wants_all_and_another_one::<AddThenPutBack<false>>();
    assert!(outcomes.contains(&(false, true, 2)), "{outcomes:?}");
}

/// One word, changed by compare-and-swap with one ordering for all.
struct Exchanged<const ACQ_REL: bool>(CheckThenAdd);

impl<const ACQ_REL: bool> Exchanged<ACQ_REL> {
    const ORDERING: Ordering = if ACQ_REL { AcqRel } else { Relaxed };
}

impl<const ACQ_REL: bool> Limited for Exchanged<ACQ_REL> {
    fn new(limit: u64) -> Self {
        Self(CheckThenAdd::new(limit))
    }
    fn try_add(&self, n: u64) -> bool {
        let mut count = self.0.count.load(Relaxed);
        while count + n <= self.0.limit {
            match self.0.count.compare_exchange(count, count + n, Self::ORDERING, Relaxed) {
                Ok(_) => return true,
                Err(now) => count = now,
            }
        }
        false
    }
    fn sub(&self, n: u64) {
        self.0.count.fetch_sub(n, Self::ORDERING);
    }
    fn get(&self) -> u64 {
        self.0.get()
    }
}

#[test]
fn a_relaxed_exchange_is_no_lock() {
    let lost = (true, true, 1);
    assert!(the_last_unit_is_a_lock::<Exchanged<false>>().contains(&lost));
    assert!(!the_last_unit_is_a_lock::<Exchanged<true>>().contains(&lost));
}

#[test]
fn a_relaxed_load_refuses_before_it_sees_why() {
    let granted = |counter: &Exchanged<true>| u64::from(counter.try_add(1));
    let outcomes = the_last_unit_is_taken_after_a_write(granted);
    assert!(outcomes.contains(&(0, 0)), "{outcomes:?}");
}

/// Changes in two steps, in this or that order, a counter that is otherwise right.
struct InTwoSteps<const SUB_FIRST: bool>(Exchanged<true>);

impl<const SUB_FIRST: bool> Limited for InTwoSteps<SUB_FIRST> {
    fn new(limit: u64) -> Self {
        Self(Exchanged::new(limit))
    }
    fn try_add(&self, n: u64) -> bool {
        self.0.try_add(n)
    }
    fn sub(&self, n: u64) {
        self.0.sub(n);
    }
    fn get(&self) -> u64 {
        self.0.get()
    }
}

impl<const SUB_FIRST: bool> Changes for InTwoSteps<SUB_FIRST> {
    fn try_change(&self, add: u64, sub: u64) -> bool {
        if SUB_FIRST {
            self.sub(sub);
            return self.try_add(add);
        }
        let granted = self.try_add(add);
        if granted {
            self.sub(sub);
        }
        granted
    }
}

#[test]
fn a_change_that_subtracts_first_loses_what_it_had() {
    let outcomes = one_shrinks_during_an_addition::<InTwoSteps<true>>();
    assert!(outcomes.contains(&(false, true, 2)), "{outcomes:?}");
}

#[test]
fn a_change_that_adds_first_is_refused_though_it_shrinks() {
    let outcomes = one_shrinks_during_an_addition::<InTwoSteps<false>>();
    assert!(outcomes.contains(&(false, false, 2)), "{outcomes:?}");
}
