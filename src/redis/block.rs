use crate::sync::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

/// A run of numbers that threads take from, each number once.
#[derive(Debug)]
pub(super) struct Block {
    next: AtomicU64,
    end: AtomicU64,
}

impl Block {
    /// A block without numbers.
    pub(super) fn new() -> Self {
        Self { next: AtomicU64::new(0), end: AtomicU64::new(0) }
    }

    /// Takes the next number, or returns `None` if there is none left.
    #[inline]
    pub(super) fn take(&self) -> Option<u64> {
        let mut next = self.next.load(Relaxed);
        // Acquire pairs with the Release in `refill`: a thread that reads the new `end` also reads
        // the new `next` in its exchange. An exchange from an older `next` fails: it only rises.
        while next < self.end.load(Acquire) {
            match self.next.compare_exchange_weak(next, next + 1, Relaxed, Relaxed) {
                Ok(_) => return Some(next),
                Err(now) => next = now,
            }
        }
        None
    }

    /// Fills it with the numbers from `next` to before `end`, all larger than the former ones.
    ///
    /// The caller must have found the block empty and must keep other threads from refilling it:
    /// then no thread changes `next` in between.
    pub(super) fn refill(&self, next: u64, end: u64) {
        self.next.store(next, Relaxed);
        self.end.store(end, Release);
    }
}
