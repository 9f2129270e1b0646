//! Counting up to a limit: the contract of `LimitedCounter`. Each model is a function over any
//! counter with a limit, so that the twins run it too.

pub mod changes;
pub mod grants;
pub mod moving_units;
mod new_limits;
pub mod published;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::LimitedCounter;
use crate::explore::{explore, spawn};
use crate::limited::cells;

/// What the models are run over: `LimitedCounter` and its twins.
pub trait Limited: 'static {
    fn new(limit: u64) -> Self;
    fn try_add(&self, n: u64) -> bool;
    fn sub(&self, n: u64);
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
fn from_everywhere<T: Ord + Send + 'static>(
    model: impl Fn(Free) -> T + Copy + Send + Sync + 'static,
) -> BTreeSet<T> {
    EVERYWHERE.into_iter().flat_map(|free| explore(move || model(free))).collect()
}

/// Does `work` while another thread adds `n`. Returns what each was told, and the count.
fn beside_an_addition<L: Limited>(
    counter: &Arc<L>,
    n: u64,
    work: impl FnOnce(&L) -> bool,
) -> (bool, bool, u64) {
    let other = spawn(counter, move |counter| {
        use_cell(1);
        counter.try_add(n)
    });
    let mine = work(counter);
    (mine, other.join().unwrap(), counter.get())
}
