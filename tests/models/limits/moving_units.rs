//! A unit that leaves one cell and comes to another, while a third thread looks.

use std::collections::BTreeSet;
use std::sync::Arc;

use loom::sync::atomic::{
    AtomicBool,
    Ordering::{Acquire, Release},
};

use crate::LimitedCounter;
use crate::explore::{explore, set, spawn};
use crate::limits::{Free, Limited, one_is_free, use_cell};

/// One is out and one is free in cell 1; cell 0 is looked at first. A thread gives one back to cell
/// 0, and after that another takes the one in cell 1. So the count is 1, 0, 1, and one is free at
/// every moment. Returns what a third learns, and what the second was told if it asked.
pub fn a_free_unit_moves_to_a_cell_that_was_seen_empty<L: Limited, T: Ord + Send + 'static>(
    ask: fn(&L) -> T,
) -> BTreeSet<(T, Option<bool>)> {
    explore(move || {
        let counter = one_is_free::<L>(Free::InCell(1));
        let given = Arc::new(AtomicBool::new(false));
        let signal = given.clone();
        let giving = spawn(&counter, move |counter| {
            counter.sub(1);
            signal.store(true, Release);
        });
        let taking = spawn(&counter, move |counter| {
            use_cell(1);
            given.load(Acquire).then(|| counter.try_add(1))
        });
        let answer = ask(&counter);
        giving.join().unwrap();
        (answer, taking.join().unwrap())
    })
}

#[test]
fn with_one_free_at_every_moment_no_addition_is_refused() {
    let outcomes = a_free_unit_moves_to_a_cell_that_was_seen_empty(|counter: &LimitedCounter| {
        counter.try_add(1)
    });
    assert_eq!(outcomes, set([(true, None), (true, Some(true))]));
}

#[test]
fn a_get_reads_a_count_that_was() {
    let outcomes = a_free_unit_moves_to_a_cell_that_was_seen_empty(LimitedCounter::get);
    let granted = Some(true);
    assert_eq!(outcomes, set([(0, None), (1, None), (0, granted), (1, granted)]));
}
