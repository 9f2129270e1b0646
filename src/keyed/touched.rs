use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// A counter, and whether it was used since the last sweep.
#[derive(Default)]
pub struct Touched<C> {
    pub counter: C,
    touched: AtomicBool,
}

impl<C> Touched<C> {
    /// Uses the counter.
    pub fn touch<R>(&self, use_it: impl FnOnce(&C) -> R) -> R {
        self.touched.store(true, Relaxed);
        use_it(&self.counter)
    }

    /// Whether it was used since this was asked last.
    pub fn was_touched(&mut self) -> bool {
        std::mem::take(self.touched.get_mut())
    }
}
