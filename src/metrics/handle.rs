use std::sync::Arc;

use metrics::CounterFn;

use super::key_counter::KeyCounter;
use crate::maps::Hashed;

/// A thread's own reference to a counter that all threads share.
///
/// `counter!` asks for a handle at each use, clones it and drops it. With one that belongs to the
/// thread, no two threads write the same reference count.
pub(super) struct Handle {
    pub(super) counter: Arc<KeyCounter>,
}

impl CounterFn for Handle {
    fn increment(&self, value: u64) {
        self.counter.increment(value);
    }

    fn absolute(&self, value: u64) {
        self.counter.absolute(value);
    }
}

impl Hashed for Handle {
    fn hash(&self) -> u64 {
        self.counter.hash()
    }
}
