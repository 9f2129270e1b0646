use super::lease;
use super::table::table;
use crate::sync::{
    AtomicU64, AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
    const_fn,
};

/// A counter's column of the table: claimed by the first addition, given back when dropped.
pub(super) struct Column {
    index: AtomicUsize,
    /// What the column's sum was when it was claimed: the counts of the counters before this one.
    baseline: AtomicU64,
}

/// The index of a column that is not claimed yet: no row reaches so far.
const UNCLAIMED: usize = usize::MAX;

impl Column {
    const_fn! {
        /// A column that is not claimed yet.
        pub(super) fn new() -> Self {
            Self { index: AtomicUsize::new(UNCLAIMED), baseline: AtomicU64::new(0) }
        }
    }

    /// Adds `n` in the calling thread's row.
    #[inline]
    pub(super) fn add(&self, n: u64) {
        // Relaxed: the index leads to the thread's own cell only, which nobody else prepared.
        if !lease::row().add(self.index.load(Relaxed), n) {
            self.add_slowly(n);
        }
    }

    /// Returns all additions since the column was claimed.
    #[inline]
    pub(super) fn sum(&self) -> u64 {
        // Pairs with the Release in `claim`: with the index comes its baseline.
        match self.index.load(Acquire) {
            UNCLAIMED => 0,
            index => table().sum(index).wrapping_sub(self.baseline.load(Relaxed)),
        }
    }

    /// An addition for which the thread has no cell: its first one, the counter's first one, one in
    /// a column beyond its row, or one after it gave its row back.
    #[cold]
    fn add_slowly(&self, n: u64) {
        lease::add(self.claim(), n);
    }

    /// Returns the index, after claiming it if nobody has.
    fn claim(&self) -> usize {
        let mut pool = table().lock();
        match self.index.load(Relaxed) {
            UNCLAIMED => {
                let index = pool.take_column();
                // Exact: who added in the column before has dropped it, under this lock.
                self.baseline.store(table().sum(index), Relaxed);
                self.index.store(index, Release);
                index
            }
            index => index,
        }
    }
}

impl Drop for Column {
    fn drop(&mut self) {
        match self.index.load(Relaxed) {
            UNCLAIMED => {}
            index => table().give_column(index),
        }
    }
}
