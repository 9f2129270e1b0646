//! The table behind every [`ShardedCounter`](crate::ShardedCounter).
//!
//! ```text
//!              hits   misses  bytes  …        one row = one thread's cells, side by side
//!  thread A  [  512  |   3   |  9120 | … ]    add = load, add, store in one's own row
//!  thread B  [  498  |   0   |  8801 | … ]    get = the sum of a column
//!  (idle)    [   40  |   1   |   730 | … ]    a thread that ends leaves its row to the next
//! ```
//!
//! A cell only goes up, and only its row's owner writes it. So nothing is ever folded, zeroed or
//! moved, and a reader needs no lock: whatever it meets is a count that was true. A row that is
//! handed on keeps its values; a column that is handed on keeps its sum, which the next counter
//! subtracts as its baseline.
//!
//! An addition to a `static` counter is six instructions on x86-64, and each is needed: where this
//! thread's row is (1, 2: the thread-local's place and its content), which column (3), whether the
//! row reaches so far (4, 5: the one check stands for "no row yet", "no column yet" and "too short"),
//! and the addition in memory (6). A private cell needs the last alone.
//!
//! The per-thread counter that is read by summing is described in McKenney's *Is Parallel
//! Programming Hard*, chapter 5; the rows that outlive their threads are ours.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use super::row::Row;
use super::slab::Slab;
use crate::sync::{Mutex, MutexGuard, OnceLock, SEGMENTS, array, const_fn, process_wide};

process_wide! {
    /// The process's table.
    pub(crate) fn table() -> &'static Table = Table::new()
}

/// All rows, and which of them and of the columns are free.
pub(crate) struct Table {
    /// Every row ever made, in segments of 1, 2, 4, … places: no row moves, a reader takes no
    /// lock, and neighbours share cache lines.
    segments: [OnceLock<Box<[OnceLock<Row>]>>; SEGMENTS],
    pool: Mutex<Pool>,
    /// Whether somebody has waited for the pool in vain.
    stuck: AtomicBool,
}

/// What is handed out and taken back.
pub(crate) struct Pool {
    rows: usize,
    pub idle_rows: Vec<Row>,
    slab: Slab,
    /// The columns up to the highest in use.
    columns: usize,
    /// Those of them that are free. Ordered, so that the lowest column goes out first and rows stay short.
    idle_columns: BTreeSet<usize>,
}

impl Table {
    const_fn! {
        /// A table without rows.
        fn new() -> Self {
            Self {
                segments: array![OnceLock::new(); SEGMENTS],
                pool: Mutex::new(Pool {
                    rows: 0,
                    idle_rows: Vec::new(),
                    slab: Slab::new(),
                    columns: 0,
                    idle_columns: BTreeSet::new(),
                }),
                stuck: AtomicBool::new(false),
            }
        }
    }

    /// Locks the pool, so that rows and columns can be taken.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock()
    }

    /// Sums column `index` over all rows.
    #[inline]
    pub(crate) fn sum(&self, index: usize) -> u64 {
        self.rows().map(|row| row.get(index)).fold(0, u64::wrapping_add)
    }

    /// All rows, in the order in which they were made.
    #[inline]
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row> {
        let segments = self.segments.iter().map_while(OnceLock::get);
        segments.flatten().map_while(OnceLock::get).copied()
    }

    /// Takes an idle row that reaches column `index`, which is in use, or makes one that reaches
    /// all columns in use.
    pub(crate) fn take_row(&self, index: usize) -> Row {
        let mut pool = self.lock();
        if let Some(at) = pool.idle_rows.iter().rposition(|row| row.reaches(index)) {
            return pool.idle_rows.swap_remove(at);
        }
        let columns = pool.columns;
        let row = pool.slab.cut(columns);
        self.append(&mut pool, row);
        row
    }

    /// Adds a row to the sequence. The caller holds the lock, so places are filled in order and a
    /// reader that stops at the first empty one has met every row.
    fn append(&self, pool: &mut Pool, row: Row) {
        pool.rows += 1;
        let segment = pool.rows.ilog2();
        let places = self.segments[segment as usize]
            .get_or_init(|| (0..1 << segment).map(|_| OnceLock::new()).collect());
        places[pool.rows - (1 << segment)].get_or_init(|| row);
    }

    /// Leaves `row` to the next thread. The caller must not write to it any more.
    pub(crate) fn give_row(&self, row: Row) {
        self.give(|pool| pool.idle_rows.push(row));
    }

    /// Leaves column `index` to the next counter. Nobody may add in it any more.
    pub(crate) fn give_column(&self, index: usize) {
        self.give(|pool| pool.give_column(index));
    }

    /// Waits a second at most, and not at all after that was in vain. A thread that is gone for
    /// good inside the lock (not copied by a `fork`, or killed at the end of a process on Windows)
    /// must not hang those that end; what they keep is lost to reuse, not to any count.
    fn give(&self, back: impl FnOnce(&mut Pool)) {
        let patience =
            if self.stuck.load(Relaxed) { Duration::ZERO } else { Duration::from_secs(1) };
        let pool = self.pool.try_lock_for(patience);
        self.stuck.store(pool.is_none(), Relaxed);
        if let Some(mut pool) = pool {
            back(&mut pool);
        }
    }
}

impl Pool {
    /// Takes the lowest idle column, or the next new one.
    pub(crate) fn take_column(&mut self) -> usize {
        self.idle_columns.pop_first().unwrap_or_else(|| {
            self.columns += 1;
            self.columns - 1
        })
    }

    /// Takes a column back. Those above the highest in use are forgotten: new rows end before them.
    fn give_column(&mut self, index: usize) {
        self.idle_columns.insert(index);
        while self.idle_columns.last().is_some_and(|last| last + 1 == self.columns) {
            self.idle_columns.pop_last();
            self.columns -= 1;
        }
    }
}
