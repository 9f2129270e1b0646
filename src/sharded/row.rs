use crate::sync::{
    AtomicU64,
    Ordering::{Acquire, Release},
    owner_load,
};

/// One thread's cells, one for each of the table's columns so far as it reaches, in cache lines
/// that no other thread writes.
///
/// Rows are leaked: a reader may be in one at any time, and the next thread takes it over.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub cells: &'static [AtomicU64],
}

impl Row {
    /// The row of a thread that has none.
    pub(crate) const EMPTY: Self = Self { cells: &[] };

    /// Whether the row has a cell in column `index`.
    pub(crate) fn reaches(self, index: usize) -> bool {
        index < self.cells.len()
    }

    /// Adds `n` in column `index`, or returns `false` when the row does not reach so far.
    ///
    /// Only for the row's owner: since nobody else writes the cell, a load and a store do, and
    /// the processor needs no exclusive access in between.
    #[inline]
    pub(crate) fn add(self, index: usize, n: u64) -> bool {
        let Some(cell) = self.cells.get(index) else { return false };
        // Pairs with the Acquire in `get`: who counts this addition sees what came before it.
        cell.store(owner_load(cell).wrapping_add(n), Release);
        true
    }

    /// What stands in column `index`.
    #[inline]
    pub(crate) fn get(self, index: usize) -> u64 {
        // Pairs with the Release in `add`.
        self.cells.get(index).map_or(0, |cell| cell.load(Acquire))
    }
}
