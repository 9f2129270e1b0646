//! What people write by hand.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use hotcount::Counter;

/// `AtomicU64::fetch_add`, relaxed.
#[derive(Default)]
pub(crate) struct Atomic(AtomicU64);

impl Counter for Atomic {
    #[inline]
    fn add(&self, n: u64) {
        self.0.fetch_add(n, Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

#[derive(Default)]
pub(crate) struct ParkingLotMutex(parking_lot::Mutex<u64>);

impl Counter for ParkingLotMutex {
    #[inline]
    fn add(&self, n: u64) {
        *self.0.lock() += n;
    }

    fn get(&self) -> u64 {
        *self.0.lock()
    }
}

#[derive(Default)]
pub(crate) struct StdMutex(Mutex<u64>);

impl Counter for StdMutex {
    #[inline]
    fn add(&self, n: u64) {
        *self.0.lock().expect("nobody panicked") += n;
    }

    fn get(&self) -> u64 {
        *self.0.lock().expect("nobody panicked")
    }
}
