//! Each thread's number, which is its place in the [`ThreadMaps`](super::thread_maps::ThreadMaps).
//!
//! The lowest free number is taken, so numbers are as many as the most threads that ever used a
//! family at once. A thread that ends leaves its number to the next.

use std::cell::Cell;
use std::collections::BTreeSet;

use crate::sync::{Mutex, const_fn, process_wide, thread_local};

/// The number of a thread that has none: no place is so far out.
const NONE: usize = usize::MAX / 2;

thread_local! {
    /// Without a destructor, so that the compiler reads it like any variable.
    static NUMBER: Cell<usize> = const { Cell::new(NONE) };
    static LEASE: Lease = const { Lease { number: Cell::new(NONE) } };
}

/// A thread's ownership of its number, to its end.
struct Lease {
    number: Cell<usize>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        // First: the next owner must not meet this thread.
        let _ = NUMBER.try_with(|cached| cached.set(NONE));
        if self.number.get() != NONE {
            numbers().lock().free.insert(self.number.get());
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

/// The calling thread's number. One that no place has before [`take`], and when the thread is ending.
#[inline]
pub(crate) fn get() -> usize {
    NUMBER.try_with(Cell::get).unwrap_or(NONE)
}

/// Gives the calling thread a number, unless it has one or is ending.
pub(crate) fn take() {
    let _ = LEASE.try_with(|lease| {
        if lease.number.get() == NONE {
            lease.number.set(numbers().lock().take());
            let _ = NUMBER.try_with(|cached| cached.set(lease.number.get()));
        }
    });
}
