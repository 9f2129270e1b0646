//! The table behind `ShardedCounter`: rows and columns that change hands while others read.

use std::collections::BTreeSet;

use loom::sync::Arc as LoomArc;
use loom::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

use crate::explore::{Subject, explore, kept, set, spawn};
use crate::sharded::table::table;
use crate::sync::{WARM_UP, at_exit, waits_for_an_addition};
use crate::{Counter, ShardedCounter};

/// The number of rows.
pub fn rows() -> usize {
    let mut rows = 0;
    table().for_each_row(|_| rows += 1);
    rows
}

type Arc<T> = std::sync::Arc<T>;

/// Two threads add, one may end in time to leave its row to the other, and a third reads.
/// Returns (what it read, the end, the number of rows).
pub fn a_row_is_handed_on_while_a_reader_sums<C: Subject>() -> BTreeSet<(u64, u64, usize)> {
    explore(|| {
        let counter = kept(C::from(0));
        let threads = [1, 2].map(|n| spawn(&counter, move |counter| counter.add(n)));
        let beside = counter.get();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        (beside, counter.get(), rows())
    })
}

#[test]
fn a_row_handed_on_loses_nothing() {
    let outcomes = a_row_is_handed_on_while_a_reader_sums::<ShardedCounter>();
    let both = [0, 1, 2, 3].iter().flat_map(|&read| [(read, 3, 1), (read, 3, 2)]);
    assert_eq!(outcomes, both.collect());
}

/// Cells are two to a line, so the third counter makes the thread take a longer row: the additions
/// to the first then stand in two rows, and a reader that met the old one early may read 2.
/// Returns (the first and the third beside, all at the end).
pub fn a_row_grows_while_a_reader_sums<C: Subject>() -> BTreeSet<((u64, u64), [u64; 3])> {
    explore(|| {
        let counters = kept([(); 3].map(|()| C::from(0)));
        let adding = spawn(&counters, |[first, second, third]| {
            first.add(1);
            second.add(1);
            third.add(1);
            first.add(2);
        });
        let beside = (counters[0].get(), counters[2].get());
        adding.join().unwrap();
        (beside, counters.each_ref().map(Counter::get))
    })
}

#[test]
fn a_row_that_grows_loses_and_doubles_nothing() {
    let reads = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 1), (3, 1)];
    let outcomes = a_row_grows_while_a_reader_sums::<ShardedCounter>();
    assert_eq!(outcomes, reads.map(|read| (read, [3, 1, 1])).into());
}

/// One thread outgrows its row and leaves it, while another ends and leaves its own. Returns (the
/// first counter beside, all at the end, the number of rows).
fn one_row_is_outgrown_while_another_is_left() -> BTreeSet<(u64, [u64; 3], usize)> {
    explore(|| {
        let counters = kept([(); 3].map(|()| ShardedCounter::new()));
        counters[..2].iter().for_each(|counter| counter.add(0));
        let growing = spawn(&counters, |[first, _, third]| {
            first.add(1);
            third.add(1);
        });
        let ending = spawn(&counters, |[first, ..]| first.add(2));
        let beside = counters[0].get();
        growing.join().unwrap();
        ending.join().unwrap();
        (beside, counters.each_ref().map(Counter::get), rows())
    })
}

#[test]
fn a_row_that_is_outgrown_beside_one_that_is_left_loses_nothing() {
    let outcomes = one_row_is_outgrown_while_another_is_left();
    let totals: BTreeSet<_> =
        outcomes.iter().map(|&(beside, totals, _)| (beside, totals)).collect();
    assert_eq!(totals, [0, 1, 2, 3].map(|beside| (beside, [3, 0, 1])).into());
    // The reader's own row, a short one that both may share, and a long one.
    let most = outcomes.iter().map(|&(_, _, rows)| rows).max();
    assert_eq!(most, Some(4));
    assert!(outcomes.iter().any(|&(_, _, rows)| rows == 3), "{outcomes:?}");
}

/// The counter starts at 10, and its column has counted 5 for another counter before.
pub fn the_first_add_is_raced_for_while_a_third_reads<C: Subject>() -> BTreeSet<(u64, u64)> {
    explore(|| {
        C::from(0).add(5);
        let counter = kept(C::from(10));
        let threads = [1, 2].map(|n| spawn(&counter, move |counter| counter.add(n)));
        let beside = counter.get();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        (beside, counter.get())
    })
}

#[test]
fn a_read_beside_the_first_add_sees_the_start_value_and_no_former_count() {
    let outcomes = the_first_add_is_raced_for_while_a_third_reads::<ShardedCounter>();
    assert_eq!(outcomes, set([(10, 13), (11, 13), (12, 13), (13, 13)]));
}

/// The last owner of a counter drops it and makes another, which may get the same column.
pub fn a_counter_is_dropped_and_another_is_born<C: Subject>() -> BTreeSet<u64> {
    explore(|| {
        let first = LoomArc::new(C::from(0));
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

/// A counter's first addition goes to its own word, its second claims a column: here they race.
#[test]
fn additions_to_the_own_word_and_to_a_row_are_one_sum() {
    let outcomes = explore(|| {
        WARM_UP.set(1);
        let counter = kept(ShardedCounter::from(10));
        let twice = spawn(&counter, |counter| {
            counter.add(1);
            counter.add(4);
        });
        let once = spawn(&counter, |counter| counter.add(2));
        let beside = counter.get();
        twice.join().unwrap();
        once.join().unwrap();
        (beside, counter.get())
    });
    assert_eq!(outcomes, (10..=17).map(|beside| (beside, 17)).collect());
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

/// Two threads make their rows at once; the get happens after one of the additions only.
pub fn one_of_two_racing_rows_is_waited_for<C: Subject>() -> BTreeSet<u64> {
    explore(|| {
        let counter = kept(C::from(0));
        let [_racing, waited] = [1, 2].map(|n| spawn(&counter, move |counter| counter.add(n)));
        waited.join().unwrap();
        counter.get()
    })
}

#[test]
fn no_row_hides_behind_one_that_is_still_being_made() {
    assert_eq!(one_of_two_racing_rows_is_waited_for::<ShardedCounter>(), set([2, 3]));
}
