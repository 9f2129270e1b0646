//! Cells of which a limit's units are collected in one pass.

use loom::sync::atomic::Ordering::{AcqRel, Acquire};

use crate::limits::grants::a_thread_ends_with_credit;
use crate::limits::moving_units::a_free_unit_moves_to_a_cell_that_was_seen_empty;
use crate::limits::{Limited, cell};
use crate::sync::Mutex;
use crate::watched_u64::WatchedU64;

/// Two cells with credits and a rest under a lock. The lock's holder collects the credits of the
/// first `COLLECTED` cells, in one pass that closes nothing.
struct OnePass<const COLLECTED: usize> {
    limit: u64,
    cells: [WatchedU64; 2],
    rest: Mutex<u64>,
}

impl<const COLLECTED: usize> Limited for OnePass<COLLECTED> {
    fn new(limit: u64) -> Self {
        Self { limit, cells: [0; 2].map(WatchedU64::new), rest: Mutex::new(limit) }
    }
    fn try_add(&self, n: u64) -> bool {
        let mine = &self.cells[cell()];
        let credit = mine.load(Acquire);
        if credit >= n && mine.compare_exchange(credit, credit - n, AcqRel, Acquire).is_ok() {
            return true;
        }
        let mut rest = self.rest.lock();
        for cell in &self.cells[..COLLECTED] {
            if *rest < n {
                *rest += cell.swap(0, AcqRel);
            }
        }
        let granted = *rest >= n;
        if granted {
            *rest -= n;
        }
        granted
    }
    fn sub(&self, n: u64) {
        self.cells[cell()].fetch_add(n, AcqRel);
    }
    fn get(&self) -> u64 {
        let rest = self.rest.lock();
        let credits: u64 = self.cells.iter().map(|cell| cell.load(Acquire)).sum();
        self.limit.saturating_sub(*rest + credits)
    }
}

#[test]
fn a_refusal_before_the_credits_are_collected_is_wrong() {
    assert!(a_thread_ends_with_credit::<OnePass<0>>().contains(&(true, false)));
}

#[test]
fn a_unit_given_to_a_cell_that_is_not_collected_is_lost() {
    assert!(a_thread_ends_with_credit::<OnePass<1>>().contains(&(true, false)));
}

#[test]
fn one_pass_over_open_cells_misses_a_unit_that_moves() {
    assert_eq!(a_thread_ends_with_credit::<OnePass<2>>(), [(true, true)].into());
    let outcomes =
        a_free_unit_moves_to_a_cell_that_was_seen_empty(|counter: &OnePass<2>| counter.try_add(1));
    assert!(outcomes.contains(&(false, Some(true))), "{outcomes:?}");
}

#[test]
fn a_sum_over_open_cells_reads_a_count_that_never_was() {
    let outcomes = a_free_unit_moves_to_a_cell_that_was_seen_empty(OnePass::<2>::get);
    assert!(outcomes.contains(&(2, Some(true))), "{outcomes:?}");
}
