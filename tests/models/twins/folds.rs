//! Counts that move from one cell to another.

use loom::sync::atomic::Ordering::{AcqRel, Acquire, Release};

use crate::Counter;
use crate::claims::cursors::a_cursor_from_now_starts_between_the_reads_around_it;
use crate::claims::reads::{
    a_get_during_adds_is_bracketed, gets_are_monotone, gets_of_two_threads_are_monotone,
};
use crate::sync::{AtomicU64, Mutex};
use crate::table::rows::{a_row_grows_while_a_reader_sums, a_row_is_handed_on_while_a_reader_sums};

/// A thread that ends and folds its cell into a total instead of leaving it to the next one.
struct FoldTheDead {
    total: AtomicU64,
    cell: AtomicU64,
    owner: Mutex<()>,
}

impl From<u64> for FoldTheDead {
    fn from(start: u64) -> Self {
        Self { total: AtomicU64::new(start), cell: AtomicU64::new(0), owner: Mutex::new(()) }
    }
}

impl Counter for FoldTheDead {
    fn add(&self, n: u64) {
        let _owner = self.owner.lock();
        self.cell.store(n, Release);
        self.total.fetch_add(n, Release);
        self.cell.store(0, Release);
    }

    fn get(&self) -> u64 {
        self.total.load(Acquire) + self.cell.load(Acquire)
    }
}

#[test]
fn a_fold_is_seen_twice_or_not_at_all() {
    assert!(gets_of_two_threads_are_monotone::<FoldTheDead>().contains(&(2, 1)));
    let outcomes = gets_are_monotone::<FoldTheDead>();
    assert!(outcomes.contains(&(1, 0)), "{outcomes:?}");
    assert!(a_get_during_adds_is_bracketed::<FoldTheDead>().contains(&(17, 15)));
    assert!(a_row_is_handed_on_while_a_reader_sums::<FoldTheDead>().contains(&(4, 3, 0)));
}

#[test]
fn a_cursor_over_a_fold_starts_before_an_earlier_read() {
    let outcomes = a_cursor_from_now_starts_between_the_reads_around_it::<FoldTheDead>();
    assert!(outcomes.iter().any(|(before, opened, _)| before > opened), "{outcomes:?}");
}

/// A row that is outgrown: its counts move to the longer row, one by one.
struct MovesWhenItGrows {
    short: AtomicU64,
    long: AtomicU64,
    additions: Mutex<u64>,
}

impl From<u64> for MovesWhenItGrows {
    fn from(start: u64) -> Self {
        Self { short: AtomicU64::new(start), long: AtomicU64::new(0), additions: Mutex::new(0) }
    }
}

impl Counter for MovesWhenItGrows {
    fn add(&self, n: u64) {
        let mut additions = self.additions.lock();
        *additions += 1;
        if *additions == 1 {
            self.short.fetch_add(n, Release);
        } else {
            let moved = self.short.swap(0, AcqRel);
            self.long.fetch_add(moved + n, Release);
        }
    }

    fn get(&self) -> u64 {
        self.short.load(Acquire) + self.long.load(Acquire)
    }
}

#[test]
fn a_row_that_is_moved_is_counted_twice_or_not_at_all() {
    let outcomes = a_row_grows_while_a_reader_sums::<MovesWhenItGrows>();
    assert!(outcomes.iter().any(|&((first, _), _)| first == 4), "{outcomes:?}");
}
