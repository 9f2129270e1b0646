use super::row::MAX_COLUMNS;
use super::table::table;
use super::this_thread::{self, SlowPath};
use crate::sync::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
    WatchedUsize, const_fn,
};

/// A counter's column of the table. The counter claims it after a few additions, and gives it back
/// when it is dropped.
pub(super) struct Column {
    /// The column's index. Before the column is claimed, it is `usize::MAX` minus the additions so
    /// far. No row reaches that far.
    index: WatchedUsize,
    /// The column's sum when it was claimed: the counts of the counters before this one.
    baseline: AtomicU64,
}

impl Column {
    const_fn! {
        /// A column that is not claimed yet.
        pub(super) fn new() -> Self {
            Self { index: WatchedUsize::new(usize::MAX), baseline: AtomicU64::new(0) }
        }
    }

    /// Adds `n` in the calling thread's row. Returns `false` if the row has no cell for it.
    #[inline]
    pub(super) fn add(&self, n: u64) -> bool {
        // Relaxed: the index leads to a cell that only this thread writes.
        this_thread::row().add(self.index.load(Relaxed), n)
    }

    /// Takes the column or the row that is missing, and adds `n`. Returns `false` if it cannot take
    /// them now, or if a column is not worth its cost yet.
    pub(super) fn add_slowly(&self, n: u64) -> bool {
        if self.is_warming_up() {
            return false;
        }
        let Some(slow) = SlowPath::enter() else { return false };
        let Some(index) = self.claim() else { return false };
        this_thread::row_that_reaches(index, &slow).add(index, n)
    }

    /// Returns all additions in the column since it was claimed.
    #[inline]
    pub(super) fn sum(&self) -> u64 {
        // Pairs with the Release in `claim`: the baseline comes with the index.
        match self.index.load(Acquire) {
            index if is_claimed(index) => {
                table().sum(index).wrapping_sub(self.baseline.load(Relaxed))
            }
            _ => 0,
        }
    }

    /// Counts an addition to a counter without a column. Returns `false` if the counter has a
    /// column, or if it is time to claim one.
    ///
    /// A column is worth its cost only if many additions follow. So the first additions are counted
    /// down, and a counter that is dropped soon never touches the table.
    fn is_warming_up(&self) -> bool {
        let index = self.index.load(Relaxed);
        let warms_up = !is_claimed(index) && usize::MAX - index < table().warm_up();
        if warms_up {
            // It fails if another thread has counted an addition or claimed the column. Both are
            // fine: the number of additions need not be exact.
            let _ = self.index.compare_exchange(index, index - 1, Relaxed, Relaxed);
        }
        warms_up
    }

    /// Returns the index of the column, and claims one if the counter has none. Returns `None` if
    /// another thread holds the table's lock, or if the table has no column left.
    fn claim(&self) -> Option<usize> {
        let index = self.index.load(Relaxed);
        if is_claimed(index) {
            return Some(index);
        }
        let mut supply = table().try_lock()?;
        // Again, under the lock: another thread may have claimed a column meanwhile.
        let index = self.index.load(Relaxed);
        if is_claimed(index) {
            return Some(index);
        }
        let columns = table().take_columns(&mut supply, 1)?;
        // Exact: every addition of a former counter happened before its column was given back.
        let baseline = if columns.are_new { 0 } else { table().sum(columns.first) };
        self.baseline.store(baseline, Relaxed);
        self.index.store(columns.first, Release);
        Some(columns.first)
    }
}

/// Returns whether `index` is that of a column.
fn is_claimed(index: usize) -> bool {
    index < MAX_COLUMNS
}

impl Drop for Column {
    fn drop(&mut self) {
        let index = self.index.load(Relaxed);
        if is_claimed(index) {
            table().give_columns(index, 1);
        }
    }
}
