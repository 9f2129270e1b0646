//! Rows that are made, handed on and outgrown.

use std::collections::BTreeSet;

use crate::explore::{Subject, explore, explore_up_to, kept, set, spawn};
use crate::table::rows;
use crate::{Counter, ShardedCounter};

/// Two threads add, one may end in time to leave its row to the other, and a third reads.
/// Returns (what it read, the end, the number of rows).
pub fn a_row_is_handed_on_while_a_reader_sums<C: Subject>() -> BTreeSet<(u64, u64, usize)> {
    explore_up_to(2, || {
        let counter = kept(C::from(0));
        let threads = [1, 2].map(|n| spawn(&counter, move |counter| counter.add(n)));
        let meanwhile = counter.get();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        (meanwhile, counter.get(), rows())
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
/// Returns (the first and the third meanwhile, all at the end).
pub fn a_row_grows_while_a_reader_sums<C: Subject>() -> BTreeSet<((u64, u64), [u64; 3])> {
    explore(|| {
        let counters = kept([(); 3].map(|()| C::from(0)));
        let adding = spawn(&counters, |[first, second, third]| {
            first.add(1);
            second.add(1);
            third.add(1);
            first.add(2);
        });
        let meanwhile = (counters[0].get(), counters[2].get());
        adding.join().unwrap();
        (meanwhile, counters.each_ref().map(Counter::get))
    })
}

#[test]
fn a_row_that_grows_loses_and_doubles_nothing() {
    let reads = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 1), (3, 1)];
    let outcomes = a_row_grows_while_a_reader_sums::<ShardedCounter>();
    assert_eq!(outcomes, reads.map(|read| (read, [3, 1, 1])).into());
}

/// One thread outgrows its row and leaves it, while another ends and leaves its own. Returns (the
/// first counter meanwhile, all at the end, the number of rows).
fn one_row_is_outgrown_while_another_is_left() -> BTreeSet<(u64, [u64; 3], usize)> {
    explore_up_to(2, || {
        let counters = kept([(); 3].map(|()| ShardedCounter::new()));
        counters[..2].iter().for_each(|counter| counter.add(0));
        let growing = spawn(&counters, |[first, _, third]| {
            first.add(1);
            third.add(1);
        });
        let ending = spawn(&counters, |[first, ..]| first.add(2));
        let meanwhile = counters[0].get();
        growing.join().unwrap();
        ending.join().unwrap();
        (meanwhile, counters.each_ref().map(Counter::get), rows())
    })
}

#[test]
fn a_row_that_is_outgrown_while_another_is_left_loses_nothing() {
    let outcomes = one_row_is_outgrown_while_another_is_left();
    let totals: BTreeSet<_> =
        outcomes.iter().map(|&(meanwhile, totals, _)| (meanwhile, totals)).collect();
    assert_eq!(totals, [0, 1, 2, 3].map(|meanwhile| (meanwhile, [3, 0, 1])).into());
    // The reader's own row, a short one that both may share, and a long one.
    let most = outcomes.iter().map(|&(_, _, rows)| rows).max();
    assert_eq!(most, Some(4));
    assert!(outcomes.iter().any(|&(_, _, rows)| rows == 3), "{outcomes:?}");
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
