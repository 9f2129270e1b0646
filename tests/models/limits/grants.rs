//! What is granted, and what is refused.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::LimitedCounter;
use crate::explore::{explore, set, spawn};
use crate::limits::{Free, Limited, beside_an_addition, from_everywhere, one_is_free, use_cell};

/// Two threads want the last unit. Returns what each was told, and the count.
pub fn two_threads_want_the_last_unit<L: Limited>() -> BTreeSet<(bool, bool, u64)> {
    from_everywhere(|free| beside_an_addition(&one_is_free::<L>(free), 1, |mine| mine.try_add(1)))
}

#[test]
fn the_last_unit_is_granted_once() {
    let outcomes = two_threads_want_the_last_unit::<LimitedCounter>();
    assert_eq!(outcomes, set([(true, false, 2), (false, true, 2)]));
}

/// Three threads contend for two units, from the first operation on.
pub fn three_threads_want_two_units<L: Limited>() -> BTreeSet<[bool; 3]> {
    explore(|| {
        let counter = Arc::new(L::new(2));
        let others = [(); 2].map(|()| spawn(&counter, |counter| counter.try_add(1)));
        let mine = counter.try_add(1);
        let [first, second] = others.map(|thread| thread.join().unwrap());
        [mine, first, second]
    })
}

#[test]
fn two_units_are_granted_twice() {
    let outcomes = three_threads_want_two_units::<LimitedCounter>();
    assert_eq!(outcomes, set([[true, true, false], [true, false, true], [false, true, true]]));
}

/// None is free. One thread gives a unit back, another wants one.
pub fn an_addition_during_a_subtraction<L: Limited>() -> BTreeSet<(bool, u64)> {
    from_everywhere(|free| {
        let counter = one_is_free::<L>(free);
        assert!(counter.try_add(1));
        let giving = spawn(&counter, |counter| {
            use_cell(1);
            counter.sub(1);
        });
        let granted = counter.try_add(1);
        giving.join().unwrap();
        (granted, counter.get())
    })
}

#[test]
fn an_addition_during_a_subtraction_is_before_or_after_it() {
    let outcomes = an_addition_during_a_subtraction::<LimitedCounter>();
    assert_eq!(outcomes, set([(false, 1), (true, 2)]));
}

/// A unit is in each of the cells. A thread wants both, another wants one.
pub fn one_wants_all_and_another_one<L: Limited>() -> BTreeSet<(bool, bool, u64)> {
    explore(|| {
        let counter = one_is_free::<L>(Free::InCell(1));
        counter.sub(1);
        beside_an_addition(&counter, 1, |mine| mine.try_add(2))
    })
}

#[test]
fn what_is_collected_is_granted_once() {
    let outcomes = one_wants_all_and_another_one::<LimitedCounter>();
    assert_eq!(outcomes, set([(true, false, 2), (false, true, 1)]));
}

/// One is free. A thread wants two, another wants one.
pub fn one_wants_too_much_while_another_wants_one<L: Limited>() -> BTreeSet<(bool, bool, u64)> {
    from_everywhere(|free| beside_an_addition(&one_is_free::<L>(free), 1, |mine| mine.try_add(2)))
}

#[test]
fn a_refusal_is_seen_by_no_other_thread() {
    let outcomes = one_wants_too_much_while_another_wants_one::<LimitedCounter>();
    assert_eq!(outcomes, set([(false, true, 2)]));
}

/// A thread takes the unit, gives it back and ends. Then another wants it. Returns what each was told.
pub fn a_thread_ends_with_credit<L: Limited>() -> BTreeSet<(bool, bool)> {
    from_everywhere(|free| {
        let counter = one_is_free::<L>(free);
        let ended = spawn(&counter, |counter| {
            use_cell(1);
            let granted = counter.try_add(1);
            if granted {
                counter.sub(1);
            }
            granted
        });
        (ended.join().unwrap(), counter.try_add(1))
    })
}

#[test]
fn the_credit_of_a_thread_that_ended_is_found() {
    assert_eq!(a_thread_ends_with_credit::<LimitedCounter>(), set([(true, true)]));
}
