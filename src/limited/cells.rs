use std::{cell::Cell, sync::OnceLock, thread};

use crossbeam_utils::CachePadded;

use super::credit::{CLOSED, Credit, Outcome};
use crate::sync::{thread_local, tuned};

thread_local! {
    /// The cell that the thread uses in every counter. Its index is this modulo the number of
    /// cells.
    static CHOSEN: Cell<usize> = const { Cell::new(0) };
}

/// The cells over which free units are spread, each in cache lines of its own.
///
/// Every thread may use every cell, so other threads can take all that a thread leaves behind when
/// it ends. All threads begin with the first cell. A thread that loses a race for its cell moves on
/// to the next, as in Java's `LongAdder`. Soon each running thread has a cell to itself.
pub(crate) struct Cells(Box<[CachePadded<Credit>]>);

impl Cells {
    /// Makes closed cells.
    pub(crate) fn new() -> Self {
        let closed = || CachePadded::new(Credit::new(CLOSED));
        Self((0..Self::count()).map(|_| closed()).collect())
    }

    /// Returns how many cells a counter has: two for each core, rounded up to a power of two.
    pub(crate) fn count() -> usize {
        tuned((2 * cores()).next_power_of_two(), 2)
    }

    /// Applies `change` to the credit in the calling thread's cell.
    #[inline]
    pub(crate) fn change(&self, change: impl Fn(&Credit) -> Outcome) -> Outcome {
        let chosen = CHOSEN.try_with(Cell::get).unwrap_or(0);
        let outcome = change(&self.0[chosen & (self.0.len() - 1)]);
        if matches!(outcome, Outcome::Contended(_)) {
            move_on();
        }
        outcome
    }

    /// Closes all cells and returns what they held.
    pub(crate) fn close(&self) -> i128 {
        self.0.iter().map(|cell| i128::from(cell.close())).sum()
    }

    /// Opens all cells with no credit. They must be closed.
    pub(crate) fn open(&self) {
        self.0.iter().for_each(|cell| cell.open(0));
    }
}

/// Lets the calling thread use the next cell from now on.
#[cold]
pub(crate) fn move_on() {
    // A thread whose thread-locals are destroyed stays with the first cell.
    let _ = CHOSEN.try_with(|chosen| chosen.set(chosen.get().wrapping_add(1)));
}

/// Returns how many cores the process may use.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    // The system is asked only once, because its answer takes microseconds.
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}
