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

/// A twin: its state at the start value `n`, how it adds, how it reads.
macro_rules! twin {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty = $init:expr),* }
     from($start:ident) add($this:ident, $n:ident) $add:block get $get:block) => {
        $(#[$doc])*
        struct $name { $($field: $type),* }

        impl From<u64> for $name {
            fn from($start: u64) -> Self {
                Self { $($field: $init),* }
            }
        }

        impl Counter for $name {
            fn add(&self, $n: u64) {
                let $this = self;
                $add
            }

            fn get(&self) -> u64 {
                let $this = self;
                $get
            }
        }
    };
}

twin! {
    /// `count += 1`, written out.
    LoadThenStore { value: AtomicU64 = AtomicU64::new(start) }
    from(start)
    add(this, n) {
        let before = this.value.load(Acquire);
        this.value.store(before + n, Release);
    }
    get { this.value.load(Acquire) }
}

#[test]
fn load_then_store_loses_an_addition() {
    assert!(three_threads_that_add_lose_nothing::<LoadThenStore>().contains(&2));
    assert!(two_threads_that_add_twice_lose_nothing::<LoadThenStore>().contains(&2));
}

twin! {
    /// The addition is locked, the number is read after the lock is released.
    ReadOutsideTheLock { value: Mutex<u64> = Mutex::new(start) }
    from(start)
    add(this, n) { *this.value.lock() += n; }
    get { *this.value.lock() }
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

twin! {
    /// A reader that drains the cell of the thread that adds: that thread's load and store
    /// overwrites the zero.
    DrainBySwap {
        total: AtomicU64 = AtomicU64::new(start),
        cell: AtomicU64 = AtomicU64::new(0)
    }
    from(start)
    add(this, n) {
        let before = this.cell.load(Relaxed);
        this.cell.store(before + n, Release);
    }
    get {
        let drained = this.cell.swap(0, AcqRel);
        this.total.fetch_add(drained, AcqRel) + drained
    }
}

#[test]
fn a_swap_of_anothers_cell_counts_twice() {
    let outcomes = cursors_partition_the_additions::<DrainBySwap>();
    assert!(outcomes.iter().any(|[(first, rest), _]| first + rest == 4), "{outcomes:?}");
}

twin! {
    /// A row that is given back and taken by flags that order nothing.
    HandOverWithoutAnEdge {
        idle: AtomicBool = AtomicBool::new(true),
        row: AtomicU64 = AtomicU64::new(start),
        other_rows: AtomicU64 = AtomicU64::new(0)
    }
    from(start)
    add(this, n) {
        if this.idle.swap(false, Relaxed) {
            let before = this.row.load(Relaxed);
            this.row.store(before + n, Release);
            this.idle.store(true, Relaxed);
        } else {
            this.other_rows.fetch_add(n, Release);
        }
    }
    get { this.row.load(Acquire) + this.other_rows.load(Acquire) }
}

#[test]
fn a_hand_over_without_an_edge_loses_an_addition() {
    let outcomes = a_row_is_handed_on_while_a_reader_sums::<HandOverWithoutAnEdge>();
    assert!(outcomes.iter().any(|&(_, end, _)| end == 2), "{outcomes:?}");
}

twin! {
    /// A thread whose last addition comes after it gave its row back.
    AddAfterTheHandOver {
        idle: AtomicBool = AtomicBool::new(true),
        row: AtomicU64 = AtomicU64::new(start),
        other_rows: AtomicU64 = AtomicU64::new(0)
    }
    from(start)
    add(this, n) {
        if this.idle.swap(false, Acquire) {
            this.idle.store(true, Release);
            let before = this.row.load(Relaxed);
            this.row.store(before + n, Release);
        } else {
            this.other_rows.fetch_add(n, Release);
        }
    }
    get { this.row.load(Acquire) + this.other_rows.load(Acquire) }
}

#[test]
fn an_addition_after_the_hand_over_meets_the_next_owner() {
    let outcomes = a_row_is_handed_on_while_a_reader_sums::<AddAfterTheHandOver>();
    assert!(outcomes.iter().any(|&(_, end, _)| end == 2), "{outcomes:?}");
}

twin! {
    /// A thread that ends and folds its cell into a total instead of leaving it to the next one.
    FoldTheDead {
        total: AtomicU64 = AtomicU64::new(start),
        cell: AtomicU64 = AtomicU64::new(0),
        owner: Mutex<()> = Mutex::new(())
    }
    from(start)
    add(this, n) {
        let _owner = this.owner.lock();
        this.cell.store(n, Release);
        this.total.fetch_add(n, Release);
        this.cell.store(0, Release);
    }
    get { this.total.load(Acquire) + this.cell.load(Acquire) }
}

#[test]
fn a_fold_is_seen_twice_or_not_at_all() {
    assert!(gets_of_two_threads_are_monotone::<FoldTheDead>().contains(&(2, 1)));
    let outcomes = gets_are_monotone::<FoldTheDead>();
    assert!(outcomes.contains(&(1, 0)), "{outcomes:?}");
    assert!(a_get_beside_adds_is_bracketed::<FoldTheDead>().contains(&(17, 15)));
    assert!(a_row_is_handed_on_while_a_reader_sums::<FoldTheDead>().contains(&(4, 3, 0)));
}

twin! {
    /// The column is published before what its former counters left in it.
    BaselineApart {
        start: u64 = start,
        claimed: WatchedUsize = WatchedUsize::new(0),
        baseline: AtomicU64 = AtomicU64::new(0),
        cell: Mutex<u64> = Mutex::new(5)
    }
    from(start)
    add(this, n) {
        let mut cell = this.cell.lock();
        if this.claimed.load(Relaxed) == 0 {
            let left = *cell;
            drop(cell);
            this.claimed.store(1, Release);
            this.baseline.store(left, Release);
            cell = this.cell.lock();
        }
        *cell += n;
    }
    get {
        match this.claimed.load(Acquire) {
            0 => this.start,
            _ => this.start + *this.cell.lock() - this.baseline.load(Acquire),
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

twin! {
    /// A column that is handed on as it stands.
    NoBaseline { column: &'static AtomicU64 = { column().fetch_add(start, Release); column() } }
    from(start)
    add(this, n) { this.column.fetch_add(n, Release); }
    get { this.column.load(Acquire) }
}

#[test]
fn a_column_without_a_baseline_starts_at_a_former_count() {
    assert!(a_counter_is_dropped_and_another_is_born::<NoBaseline>().contains(&3));
}

twin! {
    /// Places for rows are drawn first and filled later, and a reader stops at the first hole.
    PlacesWithHoles {
        next: WatchedUsize = { assert_eq!(start, 0); WatchedUsize::new(0) },
        drawing: Mutex<()> = Mutex::new(()),
        places: [AtomicU64; 2] = [0; 2].map(AtomicU64::new)
    }
    from(start)
    add(this, n) {
        let place = {
            let _drawing = this.drawing.lock();
            let place = this.next.load(Relaxed);
            this.next.store(place + 1, Relaxed);
            place
        };
        this.places[place].store(n, Release);
    }
    get { this.places.iter().map(|place| place.load(Acquire)).take_while(|&n| n > 0).sum() }
}

#[test]
fn a_row_hides_behind_a_hole() {
    assert!(one_of_two_racing_rows_is_waited_for::<PlacesWithHoles>().contains(&0));
}
