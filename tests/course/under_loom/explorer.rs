//! What the solutions are made of, with the memory orders of real counters in place of the
//! explorer's steps.

use loom::sync::atomic::{
    AtomicU64,
    Ordering::{AcqRel, Acquire, Relaxed, Release},
};
use loom::sync::{Mutex, MutexGuard};

pub struct Word {
    value: AtomicU64,
    /// loom skips schedules where a thread loads an atomic and then stores to it. A second word,
    /// touched by both and ordering nothing, makes it try them.
    touched: AtomicU64,
}

impl Word {
    pub fn new(_: &'static str) -> Self {
        Self { value: AtomicU64::new(0), touched: AtomicU64::new(0) }
    }

    pub fn load(&self) -> u64 {
        self.touched.fetch_add(0, Relaxed);
        self.value.load(Acquire)
    }

    pub fn store(&self, value: u64) {
        self.touched.fetch_add(0, Relaxed);
        self.value.store(value, Release);
    }

    pub fn fetch_add(&self, n: u64) -> u64 {
        self.value.fetch_add(n, AcqRel)
    }

    pub fn swap(&self, value: u64) -> u64 {
        self.value.swap(value, AcqRel)
    }
}

pub struct Lock(Mutex<u64>);

impl Lock {
    pub fn new(_: &'static str) -> Self {
        Self(Mutex::new(0))
    }

    pub fn lock(&self) -> MutexGuard<'_, u64> {
        self.0.lock().unwrap()
    }
}

pub async fn write_to_the_log() {
    loom::thread::yield_now();
}
