use std::time::{Duration, Instant};

/// The total of a key over all processes, as the store had it [`age`](Self::age) ago.
#[derive(Clone, Copy, Debug)]
pub struct Total {
    value: u64,
    asked: Instant,
}

impl Total {
    pub(super) fn new(value: u64, asked: Instant) -> Self {
        Self { value, asked }
    }

    /// Returns the total.
    #[must_use]
    pub fn value(self) -> u64 {
        self.value
    }

    /// Returns the time since the store was asked.
    ///
    /// The total counts all that had been published before that moment.
    #[must_use]
    pub fn age(self) -> Duration {
        self.asked.elapsed()
    }
}
