//! Columns that are claimed, and go from one counter to the next.

use std::collections::BTreeSet;

use loom::sync::Arc;

use crate::explore::{Subject, explore, explore_up_to, kept, set, spawn};
use crate::sync::WARM_UP;
use crate::table::rows;
use crate::{Counter, ShardedCounter};

/// The counter starts at 10, and its column has counted 5 for another counter before.
pub fn the_first_add_is_raced_for_while_a_third_reads<C: Subject>() -> BTreeSet<(u64, u64)> {
    explore_up_to(2, || {
        C::from(0).add(5);
        let counter = kept(C::from(10));
        let threads = [1, 2].map(|n| spawn(&counter, move |counter| counter.add(n)));
        let meanwhile = counter.get();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        (meanwhile, counter.get())
    })
}

#[test]
fn a_read_during_the_first_add_sees_the_start_value_and_no_former_count() {
    let outcomes = the_first_add_is_raced_for_while_a_third_reads::<ShardedCounter>();
    assert_eq!(outcomes, set([(10, 13), (11, 13), (12, 13), (13, 13)]));
}

/// The last owner of a counter drops it and makes another, which may get the same column.
pub fn a_counter_is_dropped_and_another_is_born<C: Subject>() -> BTreeSet<u64> {
    explore(|| {
        let first = Arc::new(C::from(0));
        let other = first.clone();
        let adding = loom::thread::spawn(move || other.add(1));
        first.add(1);
        drop(first);
        let second = C::from(0);
        second.add(1);
        let count = second.get();
        adding.join().unwrap();
        count
    })
}

#[test]
fn a_column_is_born_again_at_zero() {
    assert_eq!(a_counter_is_dropped_and_another_is_born::<ShardedCounter>(), set([1]));
}

/// A counter's first addition goes to its own word, its second claims a column: here they race.
#[test]
fn additions_to_the_own_word_and_to_a_row_are_one_sum() {
    let outcomes = explore_up_to(2, || {
        WARM_UP.set(1);
        let counter = kept(ShardedCounter::from(10));
        let twice = spawn(&counter, |counter| {
            counter.add(1);
            counter.add(4);
        });
        let once = spawn(&counter, |counter| counter.add(2));
        let meanwhile = counter.get();
        twice.join().unwrap();
        once.join().unwrap();
        (meanwhile, counter.get())
    });
    assert_eq!(outcomes, (10..=17).map(|meanwhile| (meanwhile, 17)).collect());
}

#[test]
fn a_counter_that_is_added_to_rarely_takes_no_column() {
    let outcomes = explore(|| {
        WARM_UP.set(1);
        let counter = ShardedCounter::new();
        counter.add(1);
        let before = rows();
        counter.add(1);
        (before, rows(), counter.get())
    });
    assert_eq!(outcomes, set([(0, 1, 2)]));
}
