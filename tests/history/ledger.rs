use std::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

/// What one thread has added to each of the counters, as it knows it.
///
/// Only that thread writes, so a load and a store are enough.
#[derive(Default)]
pub(crate) struct Account {
    begun: AtomicU64,
    done: AtomicU64,
}

impl Account {
    /// Runs `add`, and notes `n` before and after.
    pub(crate) fn note(&self, n: u64, add: impl FnOnce()) {
        // Relaxed: a reader that counts the addition has to see this, by the counter's own promise.
        self.begun.store(self.begun.load(Relaxed) + n, Relaxed);
        add();
        // Release: a reader that sees this has to count the addition.
        self.done.store(self.done.load(Relaxed) + n, Release);
    }
}

/// The accounts of all threads for one counter.
pub(crate) struct Ledger<const THREADS: usize> {
    accounts: [Account; THREADS],
}

impl<const THREADS: usize> Ledger<THREADS> {
    pub(crate) fn new() -> Self {
        Self { accounts: std::array::from_fn(|_| Account::default()) }
    }

    pub(crate) fn of(&self, thread: usize) -> &Account {
        &self.accounts[thread]
    }

    /// What a read that begins now has to count.
    pub(crate) fn at_least(&self) -> u64 {
        self.accounts.iter().map(|account| account.done.load(Acquire)).sum()
    }

    /// What a read that has ended may count.
    pub(crate) fn at_most(&self) -> u64 {
        self.accounts.iter().map(|account| account.begun.load(Relaxed)).sum()
    }
}
