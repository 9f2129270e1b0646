use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, TryLockError};

use super::schedule::{are_locks_forbidden, before_step, in_tasks, note, wait, wake_all};

/// A number behind a lock. It begins at 0.
pub struct Lock {
    name: &'static str,
    value: Mutex<u64>,
}

impl Lock {
    /// The name stands in the list of steps.
    pub fn new(name: &'static str) -> Self {
        Self { name, value: Mutex::new(0) }
    }

    /// Waits until no other thread holds the lock, then takes it: one step. The guard gives access
    /// to the number. Dropping the guard unlocks: another step.
    pub fn lock(&self) -> Guard<'_> {
        if are_locks_forbidden() {
            note(format!("locks {}", self.name));
            panic!("this exercise allows no lock");
        }
        let mut waits = false;
        loop {
            before_step();
            match self.value.try_lock() {
                Ok(value) => return Guard::new(self.name, value),
                Err(TryLockError::Poisoned(value)) => {
                    return Guard::new(self.name, value.into_inner());
                }
                Err(TryLockError::WouldBlock) if in_tasks() => {
                    note(format!("waits for the lock of {}", self.name));
                    panic!("the only thread waits for a lock that another task holds");
                }
                Err(TryLockError::WouldBlock) => {}
            }
            if !waits {
                note(format!("waits for the lock of {}", self.name));
                waits = true;
            }
            wait();
        }
    }
}

/// The right to use the number of a [`Lock`].
pub struct Guard<'a> {
    name: &'static str,
    value: MutexGuard<'a, u64>,
}

impl<'a> Guard<'a> {
    fn new(name: &'static str, value: MutexGuard<'a, u64>) -> Self {
        note(format!("locks {name}, it is {value}"));
        Self { name, value }
    }
}

impl Deref for Guard<'_> {
    type Target = u64;

    fn deref(&self) -> &u64 {
        &self.value
    }
}

impl DerefMut for Guard<'_> {
    fn deref_mut(&mut self) -> &mut u64 {
        &mut self.value
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        // A schedule that is given up drops its guards, too. Then there are no steps any more.
        if !std::thread::panicking() {
            before_step();
            note(format!("unlocks {}, it is {}", self.name, self.value));
            wake_all(); // they go on after the caller's next step, when the lock is free
        }
    }
}
