//! Rows that change hands in the wrong way.

use loom::sync::atomic::{
    AtomicBool,
    Ordering::{Acquire, Relaxed, Release},
};

use crate::Counter;
use crate::sync::{AtomicU64, Mutex, WatchedUsize};
use crate::table::rows::{
    a_row_is_handed_on_while_a_reader_sums, one_of_two_racing_rows_is_waited_for,
};

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
