use std::array;

use loom::sync::atomic::{
    AtomicU64, AtomicUsize,
    Ordering::{self, Relaxed},
};

use crate::watched::me;

/// A word that threads load and then change, of which loom explores every load against every change.
///
/// `Watched` tells what loom forgets otherwise, and the remedy.
pub struct WatchedU64 {
    value: AtomicU64,
    loads: [AtomicUsize; THREADS],
}

/// Threads of a model that uses such words.
const THREADS: usize = 3;

impl WatchedU64 {
    pub fn new(value: u64) -> Self {
        Self { value: AtomicU64::new(value), loads: array::from_fn(|_| AtomicUsize::new(0)) }
    }

    pub fn load(&self, order: Ordering) -> u64 {
        self.loads[me()].fetch_add(0, Relaxed);
        self.value.load(order)
    }

    pub fn store(&self, value: u64, order: Ordering) {
        self.visit();
        self.value.store(value, order);
    }

    pub fn swap(&self, value: u64, order: Ordering) -> u64 {
        self.visit();
        self.value.swap(value, order)
    }

    pub fn compare_exchange(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64> {
        self.visit();
        self.value.compare_exchange(current, new, success, failure)
    }

    pub fn fetch_add(&self, n: u64, order: Ordering) -> u64 {
        self.visit();
        self.value.fetch_add(n, order)
    }

    pub fn fetch_sub(&self, n: u64, order: Ordering) -> u64 {
        self.fetch_add(n.wrapping_neg(), order)
    }

    fn visit(&self) {
        for (thread, loads) in self.loads.iter().enumerate() {
            if thread != me() {
                loads.fetch_add(0, Relaxed);
            }
        }
    }
}
