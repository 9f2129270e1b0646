//! Counting up to a limit: the contract of `LimitedCounter`, model by model. Each model is a
//! function over any counter with a limit, so that `limit_twins.rs` can run it over wrong ones.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use loom::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

use crate::LimitedCounter;
use crate::explore::{explore, set, spawn};
use crate::limited::cells;

/// What the models are run over: `LimitedCounter` and its twins.
pub trait Limited: 'static {
    fn new(limit: u64) -> Self;
    fn try_add(&self, n: u64) -> bool;
    fn sub(&self, n: u64);
    fn try_change(&self, _add: u64, _sub: u64) -> bool {
        unimplemented!("no model changes this twin")
    }
    fn get(&self) -> u64;
    /// Spreads the free units over cells, as threads that contend do.
    fn spread(&self) {}
}

impl Limited for LimitedCounter {
    fn new(limit: u64) -> Self {
        Self::new(limit)
    }
    fn try_add(&self, n: u64) -> bool {
        self.try_add(n)
    }
    fn sub(&self, n: u64) {
        self.sub(n);
    }
    fn try_change(&self, add: u64, sub: u64) -> bool {
        self.try_change(add, sub)
    }
    fn get(&self) -> u64 {
        self.get()
    }
    fn spread(&self) {
        self.room.spread(2, 1);
    }
}

loom::thread_local! {
    static CELL: Cell<usize> = Cell::new(0);
}

/// The cell that the calling thread uses: 0 at first.
pub fn cell() -> usize {
    CELL.with(Cell::get)
}

/// Lets the calling thread use a cell, of two.
pub fn use_cell(wanted: usize) {
    if cell() != wanted {
        cells::move_on();
        CELL.with(|cell| cell.set(wanted));
    }
}

/// Where the one unit is that is free when a model begins.
#[derive(Clone, Copy, Debug)]
pub enum Free {
    InTheWord,
    UnderTheLock,
    InCell(usize),
}

pub const EVERYWHERE: [Free; 4] =
    [Free::InTheWord, Free::UnderTheLock, Free::InCell(0), Free::InCell(1)];

/// A counter with a limit of 2 that stands at 1. The calling thread uses cell 0.
fn one_is_free<L: Limited>(free: Free) -> Arc<L> {
    let counter = Arc::new(L::new(2));
    if !matches!(free, Free::InTheWord) {
        counter.spread();
    }
    if let Free::InCell(cell) = free {
        assert!(counter.try_add(2));
        use_cell(cell);
        counter.sub(1);
        use_cell(0);
    } else {
        assert!(counter.try_add(1));
    }
    counter
}

/// Runs a model from each place where the free unit may be, and merges the outcomes.
fn from_everywhere<T: Ord + Send + 'static>(model: fn(Free) -> T) -> BTreeSet<T> {
    EVERYWHERE.into_iter().flat_map(|free| explore(move || model(free))).collect()
}

/// Two threads want the last unit. Returns what each was told, and the count.
pub fn two_threads_want_the_last_unit<L: Limited>() -> BTreeSet<(bool, bool, u64)> {
    from_everywhere(|free| {
        let counter = one_is_free::<L>(free);
        let other = spawn(&counter, |counter| {
            use_cell(1);
            counter.try_add(1)
        });
        let mine = counter.try_add(1);
        (mine, other.join().unwrap(), counter.get())
    })
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
pub fn an_addition_beside_a_subtraction<L: Limited>() -> BTreeSet<(bool, u64)> {
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
fn an_addition_beside_a_subtraction_is_before_or_after_it() {
    let outcomes = an_addition_beside_a_subtraction::<LimitedCounter>();
    assert_eq!(outcomes, set([(false, 1), (true, 2)]));
}

/// One is free in cell 1, and cell 0 is looked at first. A thread gives one back to cell 0, and
/// after that another takes the one in cell 1. So one is free at every moment. Returns what a third
/// was told, and what the second was told if it asked.
pub fn a_free_unit_moves_to_a_cell_that_was_seen_empty<L: Limited>()
-> BTreeSet<(bool, Option<bool>)> {
    explore(|| {
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
        let granted = counter.try_add(1);
        giving.join().unwrap();
        (granted, taking.join().unwrap())
    })
}

#[test]
fn with_one_free_at_every_moment_no_addition_is_refused() {
    let outcomes = a_free_unit_moves_to_a_cell_that_was_seen_empty::<LimitedCounter>();
    assert_eq!(outcomes, set([(true, None), (true, Some(true))]));
}

/// A unit is in each of the cells. A thread wants both, another wants one.
pub fn one_wants_all_and_another_one<L: Limited>() -> BTreeSet<(bool, bool, u64)> {
    explore(|| {
        let counter = one_is_free::<L>(Free::InCell(1));
        counter.sub(1);
        let other = spawn(&counter, |counter| {
            use_cell(1);
            counter.try_add(1)
        });
        let mine = counter.try_add(2);
        (mine, other.join().unwrap(), counter.get())
    })
}

#[test]
fn what_is_collected_is_granted_once() {
    let outcomes = one_wants_all_and_another_one::<LimitedCounter>();
    assert_eq!(outcomes, set([(true, false, 2), (false, true, 1)]));
}

/// One is free. A thread wants two, another wants one.
pub fn one_wants_too_much_beside_another<L: Limited>() -> BTreeSet<(bool, bool, u64)> {
    from_everywhere(|free| {
        let counter = one_is_free::<L>(free);
        let other = spawn(&counter, |counter| {
            use_cell(1);
            counter.try_add(1)
        });
        let mine = counter.try_add(2);
        (mine, other.join().unwrap(), counter.get())
    })
}

#[test]
fn a_refusal_is_seen_by_no_other_thread() {
    let outcomes = one_wants_too_much_beside_another::<LimitedCounter>();
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

/// A thread gives a unit back and says so. Another thread that has heard it wants the unit, while a
/// third moves all units. Returns what the second was told, if it asked.
pub fn a_subtraction_is_heard_of<L: Limited>(third: fn(&L)) -> BTreeSet<Option<bool>> {
    EVERYWHERE
        .into_iter()
        .flat_map(|free| {
            explore(move || {
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
        })
        .collect()
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
    EVERYWHERE
        .into_iter()
        .flat_map(|free| {
            explore(move || {
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
        })
        .collect()
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

/// A thread has both units and shrinks to one, beside a thread that wants two.
pub fn one_shrinks_beside_an_addition<L: Limited>() -> BTreeSet<(bool, bool, u64)> {
    from_everywhere(|free| {
        let counter = one_is_free::<L>(free);
        assert!(counter.try_add(1));
        let other = spawn(&counter, |counter| {
            use_cell(1);
            counter.try_add(2)
        });
        let shrunk = counter.try_change(1, 2);
        (shrunk, other.join().unwrap(), counter.get())
    })
}

/// A thread has one unit and wants a second, beside a thread that wants its first.
pub fn one_grows_beside_an_addition<L: Limited>() -> BTreeSet<(bool, bool, u64)> {
    from_everywhere(|free| {
        let counter = one_is_free::<L>(free);
        let other = spawn(&counter, |counter| {
            use_cell(1);
            counter.try_add(1)
        });
        let grown = counter.try_change(2, 1);
        (grown, other.join().unwrap(), counter.get())
    })
}

#[test]
fn a_change_is_one_step() {
    let outcomes = one_shrinks_beside_an_addition::<LimitedCounter>();
    assert_eq!(outcomes, set([(true, false, 1)]));
    let outcomes = one_grows_beside_an_addition::<LimitedCounter>();
    assert_eq!(outcomes, set([(true, false, 2), (false, true, 2)]));
}

/// One is out, and one is free in cell 1. A thread gives one back to cell 0, and after that another
/// takes one. So the count is 1, 0, 1. Returns what a third reads.
pub fn a_get_beside_a_subtraction_and_an_addition<L: Limited>() -> BTreeSet<(u64, Option<bool>)> {
    explore(|| {
        let counter = one_is_free::<L>(Free::InCell(1));
        let given = Arc::new(AtomicBool::new(false));
        let signal = given.clone();
        let _giving = spawn(&counter, move |counter| {
            counter.sub(1);
            signal.store(true, Release);
        });
        let taking = spawn(&counter, move |counter| {
            use_cell(1);
            given.load(Acquire).then(|| counter.try_add(1))
        });
        (counter.get(), taking.join().unwrap())
    })
}

#[test]
fn a_get_reads_a_count_that_was() {
    let outcomes = a_get_beside_a_subtraction_and_an_addition::<LimitedCounter>();
    let granted = Some(true);
    assert_eq!(outcomes, set([(0, None), (1, None), (0, granted), (1, granted)]));
}

#[test]
fn a_limit_may_be_lowered_beside_an_addition() {
    let outcomes = from_everywhere(|free| {
        let counter = one_is_free::<LimitedCounter>(free);
        let adding = spawn(&counter, |counter| {
            use_cell(1);
            counter.try_add(1)
        });
        counter.set_limit(1);
        (adding.join().unwrap(), counter.try_add(1), counter.get(), counter.limit())
    });
    assert_eq!(outcomes, set([(true, false, 2, 1), (false, false, 1, 1)]));
}

#[test]
fn a_limit_may_be_raised_beside_an_addition() {
    let outcomes = from_everywhere(|free| {
        let counter = one_is_free::<LimitedCounter>(free);
        assert!(counter.try_add(1));
        let adding = spawn(&counter, |counter| {
            use_cell(1);
            counter.try_add(1)
        });
        counter.set_limit(3);
        (adding.join().unwrap(), counter.get(), counter.try_add(1))
    });
    assert_eq!(outcomes, set([(true, 3, false), (false, 2, true)]));
}

/// The limit falls below the count, while a thread gives its unit back and wants it again.
#[test]
fn nothing_is_granted_while_the_count_is_above_the_limit() {
    let outcomes = from_everywhere(|free| {
        let counter = one_is_free::<LimitedCounter>(free);
        let again = spawn(&counter, |counter| {
            use_cell(1);
            counter.sub(1);
            counter.try_add(1)
        });
        counter.set_limit(0);
        let refused = !counter.try_add(1);
        (again.join().unwrap(), refused, counter.get())
    });
    assert_eq!(outcomes, set([(true, true, 1), (false, true, 0)]));
}
