//! Each thread's number, which tells its place in the [`ThreadMaps`](super::thread_maps::ThreadMaps).
//!
//! A thread takes the lowest free number, so numbers are as many as the most threads that ever used
//! the maps at once. A thread that ends gives its number back, for which it takes a lock.

use std::cell::Cell;
use std::collections::BTreeSet;

use super::place::Place;
use crate::sync::{Mutex, const_fn, process_wide, thread_local};

thread_local! {
    /// Without a destructor, so that the compiler reads it like any variable.
    static PLACE: Cell<Place> = const { Cell::new(Place::NONE) };
    static LEASE: Lease = const { Lease { number: Cell::new(None) } };
}

/// A thread's ownership of its number, until the thread ends.
struct Lease {
    number: Cell<Option<usize>>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        // First, so that this thread does not use the map that the next owner gets.
        let _ = PLACE.try_with(|cached| cached.set(Place::NONE));
        if let Some(number) = self.number.get() {
            numbers().lock().free.insert(number);
        }
    }
}

process_wide! {
    fn numbers() -> &'static Mutex<Numbers> = Mutex::new(Numbers::new())
}

struct Numbers {
    free: BTreeSet<usize>,
    /// The lowest number that no thread ever had.
    next: usize,
}

impl Numbers {
    const_fn! {
        fn new() -> Self {
            Self { free: BTreeSet::new(), next: 0 }
        }
    }

    fn take(&mut self) -> usize {
        self.free.pop_first().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        })
    }
}

/// The calling thread's place: [`Place::NONE`] before [`take`], and when the thread is ending.
#[inline]
pub(super) fn place() -> Place {
    PLACE.try_with(Cell::get).unwrap_or(Place::NONE)
}

/// Gives the calling thread a number, unless it has one or is ending.
pub(super) fn take() {
    let _ = LEASE.try_with(|lease| {
        if lease.number.get().is_none() {
            let number = numbers().lock().take();
            lease.number.set(Some(number));
            let _ = PLACE.try_with(|cached| cached.set(Place::of(number)));
        }
    });
}
