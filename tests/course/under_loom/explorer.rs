//! What the solutions are made of, with the memory orders of real counters in place of the
//! explorer's steps.

use loom::sync::atomic::{
    AtomicU64,
    Ordering::{AcqRel, Acquire, Release},
};
use loom::sync::{Mutex, MutexGuard};

pub struct Word(AtomicU64);

impl Word {
    pub fn new(_: &'static str) -> Self {
        Self(AtomicU64::new(0))
    }

    pub fn load(&self) -> u64 {
        self.0.load(Acquire)
    }

    pub fn store(&self, value: u64) {
        self.0.store(value, Release);
    }

    pub fn fetch_add(&self, n: u64) -> u64 {
        self.0.fetch_add(n, AcqRel)
    }

    pub fn swap(&self, value: u64) -> u64 {
        self.0.swap(value, AcqRel)
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
