//! What a thread that is granted or refused, or that reads, sees of the others.

use std::collections::BTreeSet;
use std::sync::Arc;

use loom::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

use crate::LimitedCounter;
use crate::explore::{set, spawn};
use crate::limits::{Limited, from_everywhere, one_is_free, use_cell};

/// A thread gives a unit back and says so. Another thread that has heard it wants the unit, while a
/// third moves all units. Returns what the second was told, if it asked.
pub fn a_subtraction_is_heard_of<L: Limited>(third: fn(&L)) -> BTreeSet<Option<bool>> {
    from_everywhere(move |free| {
        let counter = one_is_free::<L>(free);
        assert!(counter.try_add(1));
        let given = Arc::new(AtomicBool::new(false));
        let signal = given.clone();
        let giving = spawn(&counter, move |counter| {
            use_cell(1);
            counter.sub(1);
            signal.store(true, Release);
        });
        let _moving = spawn(&counter, third);
        let granted = given.load(Acquire).then(|| counter.try_add(1));
        giving.join().unwrap();
        granted
    })
}

#[test]
fn a_subtraction_that_happened_before_is_found() {
    let heard = set([None, Some(true)]);
    assert_eq!(a_subtraction_is_heard_of::<LimitedCounter>(|counter| _ = counter.get()), heard);
}

/// Two threads use the last unit as a lock for a number. Returns which were granted it, and the
/// number.
pub fn the_last_unit_is_a_lock<L: Limited>() -> BTreeSet<(bool, bool, u64)> {
    from_everywhere(|free| {
        let counter = one_is_free::<L>(free);
        let number = Arc::new(AtomicU64::new(0));
        let count = |counter: &L, number: &AtomicU64| {
            let granted = counter.try_add(1);
            if granted {
                number.store(number.load(Relaxed) + 1, Relaxed);
                counter.sub(1);
            }
            granted
        };
        let theirs = number.clone();
        let other = spawn(&counter, move |counter| {
            use_cell(1);
            count(counter, &theirs)
        });
        let mine = count(&counter, &number);
        (mine, other.join().unwrap(), number.load(Relaxed))
    })
}

#[test]
fn a_subtraction_happens_before_the_grant_that_needs_it() {
    let outcomes = the_last_unit_is_a_lock::<LimitedCounter>();
    assert_eq!(outcomes, set([(true, true, 2), (true, false, 1), (false, true, 1)]));
}

/// A thread writes data and takes the last unit. Another asks the counter and then reads the data.
pub fn the_last_unit_is_taken_after_a_write<L: Limited>(
    ask: fn(&L) -> u64,
) -> BTreeSet<(u64, u64)> {
    from_everywhere(move |free| {
        let counter = one_is_free::<L>(free);
        let data = Arc::new(AtomicU64::new(0));
        let written = data.clone();
        let _taking = spawn(&counter, move |counter| {
            use_cell(1);
            written.store(1, Relaxed);
            counter.try_add(1)
        });
        (ask(&counter), data.load(Relaxed))
    })
}

#[test]
fn what_a_get_counts_happened_before_it() {
    let outcomes = the_last_unit_is_taken_after_a_write(LimitedCounter::get);
    assert_eq!(outcomes, set([(1, 0), (1, 1), (2, 1)]));
}

#[test]
fn what_a_refusal_counts_happened_before_it() {
    let granted = |counter: &LimitedCounter| u64::from(counter.try_add(1));
    let outcomes = the_last_unit_is_taken_after_a_write(granted);
    assert_eq!(outcomes, set([(1, 0), (1, 1), (0, 1)]));
}
