use std::{marker::PhantomData, ops::Range};

use crossbeam_utils::CachePadded;

use crate::sync::{
    AtomicU64,
    Ordering::{Acquire, Release},
    owner_load, tuned,
};

/// The size of the memory that two threads should not share. On x86-64 it is the pair of cache
/// lines that the processor prefetches.
pub(crate) const LINE: usize = tuned(align_of::<CachePadded<u64>>(), 16);

/// Classes of rows by their length. The longest row of the last one has 4.8 million cells.
pub(crate) const CLASSES: usize = tuned(7, 3);

/// The rows of the next class are this many times as long, and a cache line longer.
const GROWTH: usize = tuned(8, 2);

/// The cells in a cache line.
pub(super) const CELLS_IN_A_LINE: usize = LINE / size_of::<u64>();

/// The lengths of rows, one for each class, in cells.
///
/// `GROWTH` is even, so every row has an odd number of lines, and the cells of one column lie in
/// different sets of the caches.
pub(crate) const LENGTHS: [usize; CLASSES] = {
    let mut lengths = [CELLS_IN_A_LINE; CLASSES];
    let mut class = 1;
    while class < CLASSES {
        lengths[class] = GROWTH * lengths[class - 1] + CELLS_IN_A_LINE;
        class += 1;
    }
    lengths
};

/// The number of columns that a table can have: the longest row ends there.
pub(crate) const MAX_COLUMNS: usize = LENGTHS[CLASSES - 1];

/// Returns the class of the shortest rows that reach column `index`; `None` if no row does.
pub(crate) fn class_of(index: usize) -> Option<usize> {
    LENGTHS.iter().position(|&length| index < length)
}

/// One thread's cells, one for each column that the row reaches, in cache lines that no other
/// thread writes.
///
/// This is what a reader sees: it can read every row, and write none. Rows are leaked, because a
/// reader may be in one at any time.
pub(crate) struct Row {
    cells: &'static [AtomicU64],
}

impl Row {
    /// A row of the table. The caller hands out one `OwnRow` of it at a time.
    pub(super) fn new(cells: &'static [AtomicU64]) -> Self {
        Self { cells }
    }

    /// Returns the number of cells.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// Returns where the cells lie.
    #[allow(dead_code, reason = "tests/rows looks at it")]
    pub(crate) fn addresses(&self) -> Range<usize> {
        let cells = self.cells.as_ptr_range();
        cells.start.addr()..cells.end.addr()
    }

    /// Returns the count in column `index`, or 0 if the row does not reach it.
    #[inline]
    pub(crate) fn get(&self, index: usize) -> u64 {
        // Pairs with the Release in `OwnRow::add`.
        self.cells.get(index).map_or(0, |cell| cell.load(Acquire))
    }

    /// Returns the cells of `length` columns from `start` on, if the row has them all.
    #[inline]
    pub(crate) fn run(&self, start: usize, length: usize) -> Option<&[AtomicU64]> {
        self.cells.get(start..start.wrapping_add(length))
    }

    /// Returns the row as its owner writes it. Only the thread that has taken the row may call
    /// this.
    pub(super) fn own(&self) -> OwnRow {
        OwnRow { cells: self.cells, stays_in_its_thread: PhantomData }
    }
}

/// The calling thread's row, which it alone may write; [`OwnRow::NONE`] if it has none.
#[derive(Clone, Copy)]
pub(crate) struct OwnRow {
    cells: &'static [AtomicU64],
    /// Neither `Send` nor `Sync`.
    stays_in_its_thread: PhantomData<*const ()>,
}

impl OwnRow {
    /// A row without cells.
    pub(crate) const NONE: Self = Self { cells: &[], stays_in_its_thread: PhantomData };

    /// Returns whether the row has a cell in column `index`.
    pub(crate) fn reaches(self, index: usize) -> bool {
        index < self.cells.len()
    }

    /// Returns the cells of `length` columns from `start` on, if the row has them all.
    #[inline]
    pub(crate) fn run(self, start: usize, length: usize) -> Option<&'static [AtomicU64]> {
        self.cells.get(start..start.wrapping_add(length))
    }

    /// Adds `n` in column `index`. Returns `false` if the row does not reach it.
    ///
    /// No other thread writes the cell, so a load and a store are enough.
    #[inline]
    pub(crate) fn add(self, index: usize, n: u64) -> bool {
        let Some(cell) = self.cells.get(index) else { return false };
        // Pairs with the Acquire in `Row::get`: a reader that counts this addition sees what was
        // written before it.
        cell.store(owner_load(cell).wrapping_add(n), Release);
        true
    }
}
