//! Right steps with orderings that are too weak.

use loom::sync::atomic::Ordering::{self, AcqRel, Acquire, Relaxed, Release};

use crate::claims::bounds::{Bounds, bounds_during_dependent_adds};
use crate::claims::published::{
    an_add_is_published_through_a_row_that_changes_hands,
    an_add_is_published_to_the_fetch_add_that_counts_it,
    an_add_is_published_to_the_get_that_counts_it, the_last_one_out_sees_what_the_others_wrote,
};
use crate::sync::AtomicU64;
use crate::{Counter, FetchAdd};

/// One word with the orderings in question.
struct Ordered<const ADD: usize, const GET: usize, const FETCH_ADD: usize>(AtomicU64);

const ORDERINGS: [Ordering; 4] = [Relaxed, Acquire, Release, AcqRel];
const RELAXED: usize = 0;
const ACQUIRE: usize = 1;
const RELEASE: usize = 2;
const ACQ_REL: usize = 3;

impl<const A: usize, const G: usize, const F: usize> From<u64> for Ordered<A, G, F> {
    fn from(start: u64) -> Self {
        Self(AtomicU64::new(start))
    }
}

impl<const A: usize, const G: usize, const F: usize> Counter for Ordered<A, G, F> {
    fn add(&self, n: u64) {
        self.0.fetch_add(n, ORDERINGS[A]);
    }

    fn get(&self) -> u64 {
        self.0.load(ORDERINGS[G])
    }
}

impl<const A: usize, const G: usize, const F: usize> FetchAdd for Ordered<A, G, F> {
    fn fetch_add(&self, n: u64) -> u64 {
        self.0.fetch_add(n, ORDERINGS[F])
    }
}

#[test]
fn a_relaxed_add_or_get_publishes_nothing() {
    type RelaxedAdd = Ordered<RELAXED, ACQUIRE, ACQ_REL>;
    type RelaxedGet = Ordered<RELEASE, RELAXED, ACQ_REL>;
    let counted_but_not_written = (1, 0);
    for outcomes in [
        an_add_is_published_to_the_get_that_counts_it::<RelaxedAdd>(),
        an_add_is_published_to_the_get_that_counts_it::<RelaxedGet>(),
        an_add_is_published_to_the_fetch_add_that_counts_it::<RelaxedAdd>(),
    ] {
        assert!(outcomes.contains(&counted_but_not_written), "{outcomes:?}");
    }
}

#[test]
fn with_half_of_acq_rel_the_last_one_out_misses_what_was_written() {
    let release = the_last_one_out_sees_what_the_others_wrote::<Ordered<RELEASE, ACQUIRE, RELEASE>>;
    let acquire = the_last_one_out_sees_what_the_others_wrote::<Ordered<RELEASE, ACQUIRE, ACQUIRE>>;
    assert!(release().contains(&(0, [1, 0, 0])));
    assert!(acquire().contains(&(0, [1, 0, 0])));
}

#[test]
fn a_relaxed_add_in_a_row_is_counted_and_not_published() {
    type RelaxedAdd = Ordered<RELAXED, ACQUIRE, ACQ_REL>;
    let outcomes = an_add_is_published_through_a_row_that_changes_hands::<RelaxedAdd>();
    assert!(outcomes.contains(&(1, 0)), "{outcomes:?}");
}

/// A cell for each amount, and reads that order nothing.
struct RelaxedCells {
    cells: [AtomicU64; 2],
}

impl From<u64> for RelaxedCells {
    fn from(start: u64) -> Self {
        assert_eq!(start, 0);
        Self { cells: [0; 2].map(AtomicU64::new) }
    }
}

impl Counter for RelaxedCells {
    fn add(&self, n: u64) {
        self.cells[usize::from(n == 2)].fetch_add(n, Release);
    }

    fn get(&self) -> u64 {
        self.cells.iter().map(|cell| cell.load(Relaxed)).sum()
    }
}

impl Bounds for RelaxedCells {
    fn bounds(&self) -> (u64, u64) {
        (self.get(), self.get())
    }
}

#[test]
fn bounds_that_order_nothing_agree_on_a_total_that_never_was() {
    assert!(bounds_during_dependent_adds::<RelaxedCells>().contains(&(2, 2)));
}
