use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::{AtomicCounter, Counter};

/// A counter, and when it was used last, told in sweeps.
#[derive(Default)]
pub(super) struct Touched<C> {
    pub counter: C,
    sweeps_before: AtomicU64,
}

impl<C> Touched<C> {
    /// Uses the counter, and notes how many `sweeps` have begun. They are looked at here, under the
    /// map's lock: a number from before it could be that of an earlier sweep.
    pub(super) fn touch<R>(&self, sweeps: &AtomicCounter, use_it: impl FnOnce(&C) -> R) -> R {
        self.sweeps_before.store(sweeps.get(), Relaxed);
        use_it(&self.counter)
    }

    /// Whether it was used last before sweep number `sweep` began.
    pub(super) fn is_idle_since(&self, sweep: u64) -> bool {
        self.sweeps_before.load(Relaxed) < sweep
    }
}
