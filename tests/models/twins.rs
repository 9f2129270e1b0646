//! Counters with one fault each, and the model that finds it: what a promise costs to keep.

use std::sync::Arc;

use loom::sync::atomic::{
    AtomicBool,
    Ordering::{AcqRel, Acquire, Relaxed, Release},
};

use crate::claims::*;
use crate::handover::*;
use crate::sync::{AtomicU64, Mutex, Ordering, WatchedUsize, process_wide};
use crate::{Counter, FetchAdd};

/// `count += 1`, written out.
struct LoadThenStore {
    value: AtomicU64,
}

impl From<u64> for LoadThenStore {
    fn from(start: u64) -> Self {
        Self { value: AtomicU64::new(start) }
    }
}

impl Counter for LoadThenStore {
    fn add(&self, n: u64) {
        let before = self.value.load(Acquire);
        self.value.store(before + n, Release);
    }

    fn get(&self) -> u64 {
        self.value.load(Acquire)
    }
}

#[test]
fn load_then_store_loses_an_addition() {
    assert!(three_threads_that_add_lose_nothing::<LoadThenStore>().contains(&2));
    assert!(two_threads_that_add_twice_lose_nothing::<LoadThenStore>().contains(&2));
}

/// The addition is locked, the number is read after the lock is released.
struct ReadOutsideTheLock {
    value: Mutex<u64>,
}

impl From<u64> for ReadOutsideTheLock {
    fn from(start: u64) -> Self {
        Self { value: Mutex::new(start) }
    }
}

impl Counter for ReadOutsideTheLock {
    fn add(&self, n: u64) {
        *self.value.lock() += n;
    }

    fn get(&self) -> u64 {
        *self.value.lock()
    }
}

impl FetchAdd for ReadOutsideTheLock {
    fn fetch_add(&self, n: u64) -> u64 {
        self.add(n);
        self.get() - n
    }
}

#[test]
fn a_number_read_outside_the_lock_is_given_twice() {
    let outcomes = no_value_is_read_outside_the_critical_section::<ReadOutsideTheLock>();
    assert!(outcomes.contains(&[1, 3, 3, 4]), "{outcomes:?}");
    assert!(outcomes.iter().any(|[a, _, c, _]| (*a, *c) == (2, 2)), "{outcomes:?}");
    assert!(numbers_are_unique_and_gap_free::<ReadOutsideTheLock>().contains(&[3, 3, 3]));
}

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

/// `reset`, as a reader would write it.
#[test]
fn a_reset_by_load_and_store_of_zero_takes_and_loses() {
    let outcomes = windows::<LoadThenStore, Arc<LoadThenStore>>(
        |counter| counter,
        |counter| {
            let count = counter.value.load(Acquire);
            counter.value.store(0, Release);
            count
        },
    );
    let taken_from_the_other = [(3, 0), (0, 0)];
    let two_lost = [(1, 0), (0, 0)];
    assert!(outcomes.contains(&taken_from_the_other), "{outcomes:?}");
    assert!(outcomes.contains(&two_lost), "{outcomes:?}");
}

/// A reader that drains the cell of the thread that adds: that thread's load and store
/// overwrites the zero.
struct DrainBySwap {
    total: AtomicU64,
    cell: AtomicU64,
}

impl From<u64> for DrainBySwap {
    fn from(start: u64) -> Self {
        Self { total: AtomicU64::new(start), cell: AtomicU64::new(0) }
    }
}

impl Counter for DrainBySwap {
    fn add(&self, n: u64) {
        let before = self.cell.load(Relaxed);
        self.cell.store(before + n, Release);
    }

    fn get(&self) -> u64 {
        let drained = self.cell.swap(0, AcqRel);
        self.total.fetch_add(drained, AcqRel) + drained
    }
}

#[test]
fn a_swap_of_anothers_cell_counts_twice() {
    let outcomes = cursors_partition_the_additions::<DrainBySwap>();
    assert!(outcomes.iter().any(|[(first, rest), _]| first + rest == 4), "{outcomes:?}");
}

/// A row that is given back and taken by flags that order nothing.
struct HandOverWithoutAnEdge {
    idle: AtomicBool,
    row: AtomicU64,
    other_rows: AtomicU64,
}

impl From<u64> for HandOverWithoutAnEdge {
    fn from(start: u64) -> Self {
        Self {
            idle: AtomicBool::new(true),
            row: AtomicU64::new(start),
            other_rows: AtomicU64::new(0),
        }
    }
}

impl Counter for HandOverWithoutAnEdge {
    fn add(&self, n: u64) {
        if self.idle.swap(false, Relaxed) {
            let before = self.row.load(Relaxed);
            self.row.store(before + n, Release);
            self.idle.store(true, Relaxed);
        } else {
            self.other_rows.fetch_add(n, Release);
        }
    }

    fn get(&self) -> u64 {
        self.row.load(Acquire) + self.other_rows.load(Acquire)
    }
}

#[test]
fn a_hand_over_without_an_edge_loses_an_addition() {
    let outcomes = a_row_is_handed_on_while_a_reader_sums::<HandOverWithoutAnEdge>();
    assert!(outcomes.iter().any(|&(_, end, _)| end == 2), "{outcomes:?}");
}

/// A thread whose last addition comes after it gave its row back.
struct AddAfterTheHandOver {
    idle: AtomicBool,
    row: AtomicU64,
    other_rows: AtomicU64,
}

impl From<u64> for AddAfterTheHandOver {
    fn from(start: u64) -> Self {
        Self {
            idle: AtomicBool::new(true),
            row: AtomicU64::new(start),
            other_rows: AtomicU64::new(0),
        }
    }
}

impl Counter for AddAfterTheHandOver {
    fn add(&self, n: u64) {
        if self.idle.swap(false, Acquire) {
            self.idle.store(true, Release);
            let before = self.row.load(Relaxed);
            self.row.store(before + n, Release);
        } else {
            self.other_rows.fetch_add(n, Release);
        }
    }

    fn get(&self) -> u64 {
        self.row.load(Acquire) + self.other_rows.load(Acquire)
    }
}

#[test]
fn an_addition_after_the_hand_over_meets_the_next_owner() {
    let outcomes = a_row_is_handed_on_while_a_reader_sums::<AddAfterTheHandOver>();
    assert!(outcomes.iter().any(|&(_, end, _)| end == 2), "{outcomes:?}");
}

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
    assert!(a_get_beside_adds_is_bracketed::<FoldTheDead>().contains(&(17, 15)));
    assert!(a_row_is_handed_on_while_a_reader_sums::<FoldTheDead>().contains(&(4, 3, 0)));
}

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
    assert!(outcomes.iter().any(|&(beside, _)| beside == 15), "{outcomes:?}");
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

/// Places for rows are drawn first and filled later, and a reader stops at the first hole.
struct PlacesWithHoles {
    next: WatchedUsize,
    drawing: Mutex<()>,
    places: [AtomicU64; 2],
}

impl From<u64> for PlacesWithHoles {
    fn from(start: u64) -> Self {
        Self {
            next: {
                assert_eq!(start, 0);
                WatchedUsize::new(0)
            },
            drawing: Mutex::new(()),
            places: [0; 2].map(AtomicU64::new),
        }
    }
}

impl Counter for PlacesWithHoles {
    fn add(&self, n: u64) {
        let place = {
            let _drawing = self.drawing.lock();
            let place = self.next.load(Relaxed);
            self.next.store(place + 1, Relaxed);
            place
        };
        self.places[place].store(n, Release);
    }

    fn get(&self) -> u64 {
        self.places.iter().map(|place| place.load(Acquire)).take_while(|&n| n > 0).sum()
    }
}

#[test]
fn a_row_hides_behind_a_hole() {
    assert!(one_of_two_racing_rows_is_waited_for::<PlacesWithHoles>().contains(&0));
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

#[test]
fn a_cursor_over_a_fold_starts_before_an_earlier_read() {
    let outcomes = a_cursor_from_now_starts_between_the_reads_around_it::<FoldTheDead>();
    assert!(outcomes.iter().any(|(before, opened, _)| before > opened), "{outcomes:?}");
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
    assert!(bounds_beside_dependent_adds::<RelaxedCells>().contains(&(2, 2)));
}

/// A section that takes the lock for each of its steps.
struct DividedSections {
    value: Mutex<u64>,
}

impl From<u64> for DividedSections {
    fn from(start: u64) -> Self {
        Self { value: Mutex::new(start) }
    }
}

impl Counter for DividedSections {
    fn add(&self, n: u64) {
        *self.value.lock() += n;
    }

    fn get(&self) -> u64 {
        *self.value.lock()
    }
}

impl Sections for DividedSections {
    fn section(&self, times: usize) -> (u64, u64) {
        let before = self.get();
        (0..times).for_each(|_| self.add(1));
        (before, self.get())
    }
}

#[test]
fn a_section_that_releases_its_lock_is_divided() {
    let divided = |&((before, after), ..): &Seen| after != before + 1;
    assert!(critical_sections::<DividedSections>().iter().any(divided));
}
