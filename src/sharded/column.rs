use super::row::MAX_COLUMNS;
use super::table::table;
use super::this_thread::{self, SlowPath};
use crate::sync::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
    WatchedUsize, const_fn,
};

/// A counter's column of the table. It is claimed once the counter has been added to a few times,
/// and given back when the counter is dropped.
pub(super) struct Column {
    /// The column's index. Before it is claimed, `usize::MAX` minus the additions so far: no row
    /// reaches that far.
    index: WatchedUsize,
    /// What the column's sum was when it was claimed: the counts of the counters before this one.
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

    /// Adds `n` after taking the column or the row that is missing. Returns `false` if that cannot
    /// be done now, or is not worth while yet.
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

    /// Counts an addition to a counter without a column. Returns `false` if it has a column, or if it
    /// is time to take one.
    ///
    /// A column is worth its price only if the counter is added to more often. So the first additions
    /// are counted down, and a counter that lives shortly never touches the table.
    fn is_warming_up(&self) -> bool {
        let index = self.index.load(Relaxed);
        let warms_up = !is_claimed(index) && usize::MAX - index < table().warm_up();
        if warms_up {
            // It fails if another addition is counted or the column is claimed: both are right.
            let _ = self.index.compare_exchange(index, index - 1, Relaxed, Relaxed);
        }
        warms_up
    }

    /// Returns the index, after claiming the column if the counter has none.
    fn claim(&self) -> Option<usize> {
        let index = self.index.load(Relaxed);
        if is_claimed(index) {
            return Some(index);
        }
        let mut supply = table().try_lock()?;
        // Under the lock: another thread may have claimed it meanwhile.
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
