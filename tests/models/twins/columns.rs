//! Columns that show what a former counter left in them.

use loom::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::Counter;
use crate::sync::{AtomicU64, Mutex, WatchedUsize, process_wide};
use crate::table::columns::{
    a_counter_is_dropped_and_another_is_born, the_first_add_is_raced_for_while_a_third_reads,
};

/// The column is published before what its former counters left in it.
struct BaselineApart {
    start: u64,
    claimed: WatchedUsize,
    baseline: AtomicU64,
    cell: Mutex<u64>,
}

impl From<u64> for BaselineApart {
    fn from(start: u64) -> Self {
        Self {
            start,
            claimed: WatchedUsize::new(0),
            baseline: AtomicU64::new(0),
            cell: Mutex::new(5),
        }
    }
}

impl Counter for BaselineApart {
    fn add(&self, n: u64) {
        let mut cell = self.cell.lock();
        if self.claimed.load(Relaxed) == 0 {
            let left = *cell;
            drop(cell);
            self.claimed.store(1, Release);
            self.baseline.store(left, Release);
            cell = self.cell.lock();
        }
        *cell += n;
    }

    fn get(&self) -> u64 {
        match self.claimed.load(Acquire) {
            0 => self.start,
            _ => self.start + *self.cell.lock() - self.baseline.load(Acquire),
        }
    }
}

#[test]
fn a_baseline_published_apart_from_its_column_shows_a_former_count() {
    let outcomes = the_first_add_is_raced_for_while_a_third_reads::<BaselineApart>();
    assert!(outcomes.iter().any(|&(meanwhile, _)| meanwhile == 15), "{outcomes:?}");
}

process_wide! {
    fn column() -> &'static AtomicU64 = AtomicU64::new(0)
}

/// A column that is handed on as it stands.
struct NoBaseline {
    column: &'static AtomicU64,
}

impl From<u64> for NoBaseline {
    fn from(start: u64) -> Self {
        Self {
            column: {
                column().fetch_add(start, Release);
                column()
            },
        }
    }
}

impl Counter for NoBaseline {
    fn add(&self, n: u64) {
        self.column.fetch_add(n, Release);
    }

    fn get(&self) -> u64 {
        self.column.load(Acquire)
    }
}

#[test]
fn a_column_without_a_baseline_starts_at_a_former_count() {
    assert!(a_counter_is_dropped_and_another_is_born::<NoBaseline>().contains(&3));
}
