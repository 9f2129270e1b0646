//! The table behind `ShardedCounter`: rows and columns that change hands while others read.

use std::collections::BTreeSet;

use loom::sync::Arc as LoomArc;
use loom::sync::atomic::{
    AtomicBool,
    Ordering::{Acquire, Release},
};

use crate::explore::{Subject, explore, kept, set, spawn};
use crate::sharded::table::table;
use crate::sync::{at_exit, waits_for_an_addition};
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
#[test]
fn a_row_grows_while_a_reader_sums() {
    let outcomes = explore(|| {
        let counters = kept([(); 3].map(|()| ShardedCounter::new()));
        let adding = spawn(&counters, |[first, second, third]| {
            first.add(1);
            second.add(1);
            third.add(1);
            first.add(2);
        });
        let beside = (counters[0].get(), counters[2].get());
        adding.join().unwrap();
        (beside, counters.each_ref().map(Counter::get), rows())
    });
    let reads = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 1), (3, 1)];
    assert_eq!(outcomes, reads.map(|read| (read, [3, 1, 1], 2)).into());
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
