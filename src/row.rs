use crate::sync::{
    AtomicU64, LINE,
    Ordering::{Acquire, Release},
    owner_load,
};

/// One thread's cells, one for each of the table's columns so far as it reaches, in cache lines
/// that no other thread writes.
///
/// Rows are leaked: a reader may be in one at any time, and the next thread takes it over.
#[derive(Clone, Copy)]
pub struct Row {
    pub cells: &'static [AtomicU64],
}

impl Row {
    /// The row of a thread that has none.
    pub const EMPTY: Self = Self { cells: &[] };

    /// A new row of zeros for `columns` columns. The length is rounded up to whole cache lines and
    /// to a power of two, so a row that takes the place of a shorter one is at least twice as long.
    pub fn leak(columns: usize) -> Self {
        let line = LINE / size_of::<u64>();
        let length = columns.next_multiple_of(line).next_power_of_two();
        let cells: Box<[_]> = (0..line + length).map(|_| AtomicU64::new(0)).collect();
        let starts_a_line =
            |cell| std::ptr::from_ref::<AtomicU64>(cell).addr().is_multiple_of(LINE);
        let start = cells.iter().position(starts_a_line).unwrap_or(0);
        Self { cells: &Box::leak(cells)[start..][..length] }
    }

    /// Whether the row has a cell in column `index`.
    pub fn reaches(self, index: usize) -> bool {
        index < self.cells.len()
    }

    /// Adds `n` in column `index`, or returns `false` when the row does not reach so far.
    ///
    /// Only for the row's owner: since nobody else writes the cell, a load and a store do, and
    /// the processor needs no exclusive access in between.
    #[inline]
    pub fn add(self, index: usize, n: u64) -> bool {
        let Some(cell) = self.cells.get(index) else { return false };
        // Pairs with the Acquire in `get`: who counts this addition sees what came before it.
        cell.store(owner_load(cell).wrapping_add(n), Release);
        true
    }

    /// What stands in column `index`.
    #[inline]
    pub fn get(self, index: usize) -> u64 {
        // Pairs with the Release in `add`.
        self.cells.get(index).map_or(0, |cell| cell.load(Acquire))
    }
}
