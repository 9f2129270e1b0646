use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use super::schedule::step;

/// A number in memory that threads share. It begins at 0. Each method is one step.
pub struct Word {
    name: &'static str,
    value: AtomicU64,
}

impl Word {
    /// The name stands in the list of steps.
    pub fn new(name: &'static str) -> Self {
        Self { name, value: AtomicU64::new(0) }
    }

    pub fn load(&self) -> u64 {
        step(|| {
            let value = self.value.load(SeqCst);
            (value, format!("loads {}, it is {value}", self.name))
        })
    }

    pub fn store(&self, value: u64) {
        step(|| {
            self.value.store(value, SeqCst);
            ((), format!("stores {value} in {}", self.name))
        });
    }

    /// Adds `n` and returns the value before, in one step.
    pub fn fetch_add(&self, n: u64) -> u64 {
        step(|| {
            let before = self.value.fetch_add(n, SeqCst);
            let after = before.wrapping_add(n);
            (before, format!("adds {n} to {}: {before} becomes {after}", self.name))
        })
    }

    /// Stores `value` and returns the value before, in one step.
    pub fn swap(&self, value: u64) -> u64 {
        step(|| {
            let before = self.value.swap(value, SeqCst);
            (before, format!("swaps {}: {before} becomes {value}", self.name))
        })
    }

    /// Stores `new` if the value is `expected`, in one step. Otherwise returns the value as an error.
    pub fn compare_exchange(&self, expected: u64, new: u64) -> Result<u64, u64> {
        step(|| {
            let result = self.value.compare_exchange(expected, new, SeqCst, SeqCst);
            let what = match result {
                Ok(_) => format!("finds {expected} in {} and stores {new}", self.name),
                Err(value) => format!("expects {expected} in {}, but it is {value}", self.name),
            };
            (result, what)
        })
    }
}
