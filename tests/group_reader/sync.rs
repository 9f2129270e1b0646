//! The primitives of `src/sync.rs`, but a thread that would wait says so first.

use std::cell::RefCell;

pub(crate) use crate::primitives::*;

std::thread_local! {
    /// What the calling thread does before it waits for another.
    pub(crate) static BEFORE_WAITING: RefCell<Box<dyn FnMut()>> = RefCell::new(Box::new(|| ()));
}

pub(crate) fn pause() {
    BEFORE_WAITING.with_borrow_mut(|act| act());
}

pub(crate) struct Mutex<T>(crate::primitives::Mutex<T>);

impl<T> Mutex<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(crate::primitives::Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.try_lock().unwrap_or_else(|| {
            pause();
            self.0.lock()
        })
    }

    pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        self.0.try_lock()
    }
}
