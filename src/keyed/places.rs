use super::sync::AtomicUsize;
use crate::sync::Ordering::Relaxed;

/// How many keys there are, and how many there may be.
///
/// A place is taken before its key is there, and given back after the key has gone. So there are
/// never more keys than places taken, nor more places taken than the cap.
pub(super) struct Places {
    taken: AtomicUsize,
    cap: usize,
}

impl Places {
    pub(super) fn new(cap: usize) -> Self {
        Self { taken: AtomicUsize::new(0), cap }
    }

    pub(super) fn taken(&self) -> usize {
        self.taken.load(Relaxed)
    }

    pub(super) fn are_all_taken(&self) -> bool {
        self.taken() >= self.cap
    }

    pub(super) fn take_one(&self) -> bool {
        let one_more = |taken| (taken < self.cap).then_some(taken + 1);
        self.taken.fetch_update(Relaxed, Relaxed, one_more).is_ok()
    }

    pub(super) fn give_one_back(&self) {
        self.taken.fetch_sub(1, Relaxed);
    }
}
