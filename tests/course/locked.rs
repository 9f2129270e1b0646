//! A right counter with a lock for each exercise that allows none.

use super::explorer::{Lock, Word};
use super::tasks::{CellPerThread, HandOutNumbers, LastOneOut, LoseNothing, TwoCounts, Windows};

pub struct Count {
    total: Lock,
}

impl LoseNothing for Count {
    fn new() -> Self {
        Self { total: Lock::new("total") }
    }

    fn add_one(&self) {
        *self.total.lock() += 1;
    }

    fn get(&self) -> u64 {
        *self.total.lock()
    }
}

impl HandOutNumbers for Count {
    fn new() -> Self {
        LoseNothing::new()
    }

    fn take_number(&self) -> u64 {
        let mut total = self.total.lock();
        *total += 1;
        *total
    }
}

impl LastOneOut for Count {
    fn new() -> Self {
        LoseNothing::new()
    }

    fn leave(&self) -> bool {
        self.take_number() == 2
    }
}

/// A lock around what needs none as well.
pub struct Around<T> {
    lock: Lock,
    inner: T,
}

impl<T: Windows> Windows for Around<T> {
    fn new() -> Self {
        Self { lock: Lock::new("lock"), inner: T::new() }
    }

    fn add(&self, n: u64) {
        let _guard = self.lock.lock();
        self.inner.add(n);
    }

    fn take(&self, reader: usize) -> u64 {
        let _guard = self.lock.lock();
        self.inner.take(reader)
    }
}

impl<T: TwoCounts> TwoCounts for Around<T> {
    fn new() -> Self {
        Self { lock: Lock::new("lock"), inner: T::new() }
    }

    fn record(&self, bytes: u64) {
        let _guard = self.lock.lock();
        self.inner.record(bytes);
    }

    fn read(&self) -> (u64, u64) {
        let _guard = self.lock.lock();
        self.inner.read()
    }
}

impl<T: CellPerThread> CellPerThread for Around<T> {
    fn new() -> Self {
        Self { lock: Lock::new("lock"), inner: T::new() }
    }

    fn begin(&self) -> usize {
        self.inner.begin()
    }

    fn add_one(&self, cell: usize) {
        self.inner.add_one(cell);
    }

    fn end(&self, cell: usize) {
        let _guard = self.lock.lock();
        self.inner.end(cell);
    }

    fn get(&self) -> u64 {
        let _guard = self.lock.lock();
        self.inner.get()
    }
}

/// A spin lock is a lock, too, although it is made of words.
pub struct Spinning {
    held: Word,
    total: Word,
}

impl LoseNothing for Spinning {
    fn new() -> Self {
        Self { held: Word::new("held"), total: Word::new("total") }
    }

    fn add_one(&self) {
        while self.held.swap(1) == 1 {}
        let loaded = self.total.load();
        self.total.store(loaded + 1);
        self.held.store(0);
    }

    fn get(&self) -> u64 {
        self.total.load()
    }
}
