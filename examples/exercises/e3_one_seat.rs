//! Exercise 3: one seat is left, two threads want it, and exactly one of them gets it.
//!
//! Repair `take_seat`. Here you may use the lock. `lock()` returns a guard, as the lock of the
//! standard library does, but without a `Result`. Dropping the guard unlocks.
//!
//! Check it: `cargo run --example exercises -- 3`. To read first: `02_locked`.

use super::{explorer::Lock, tasks::OneSeat};

pub struct Seats {
    taken: Lock,
}

impl OneSeat for Seats {
    fn new() -> Self {
        Self { taken: Lock::new("taken") }
    }

    fn take_seat(&self) -> bool {
        let taken = *self.taken.lock();
        if taken == 1 {
            return false;
        }
        *self.taken.lock() = taken + 1;
        true
    }
}
