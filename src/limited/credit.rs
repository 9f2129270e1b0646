use crate::sync::{
    Ordering::{AcqRel, Acquire, Release},
    WatchedU64, const_fn,
};

/// One word of free units. While it is open, threads take units from it and give units to it. While
/// it is closed, the units are elsewhere.
pub(crate) struct Credit(WatchedU64);

/// The value of a closed word.
pub(crate) const CLOSED: u64 = u64::MAX;

/// The outcome of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    /// Done, although another thread changed the word in between. This holds the units after the
    /// change.
    Contended(u64),
    /// Nothing was done: the result would be below zero or above what the word can hold.
    OutOfRange,
    /// Nothing was done: the word is closed.
    Closed,
}

impl Credit {
    const_fn! {
        /// A word that holds `units`, or a closed one.
        pub(crate) fn new(units: u64) -> Self {
            Self(WatchedU64::new(units))
        }
    }

    /// Takes `n` units.
    #[inline]
    pub(crate) fn take(&self, n: u64) -> Outcome {
        self.change(|units| units.checked_sub(n))
    }

    /// Gives `n` units.
    #[inline]
    pub(crate) fn give(&self, n: u64) -> Outcome {
        self.change(|units| units.checked_add(n).filter(|&sum| sum != CLOSED))
    }

    #[inline]
    fn change(&self, next: impl Fn(u64) -> Option<u64>) -> Outcome {
        // Acquire, here and when the exchange fails: a caller that is refused has seen the changes
        // that left too little.
        let mut units = self.0.load(Acquire);
        let mut contended = false;
        loop {
            if units == CLOSED {
                return Outcome::Closed;
            }
            let Some(after) = next(units) else { return Outcome::OutOfRange };
            // AcqRel: each change happens before the next one of the same word. So a thread that
            // takes a unit sees all that happened before the unit was given back. Not the weak
            // exchange: a failure has to mean that another thread changed the word.
            match self.0.compare_exchange(units, after, AcqRel, Acquire) {
                Ok(_) if contended => return Outcome::Contended(after),
                Ok(_) => return Outcome::Done,
                Err(now) => (units, contended) = (now, true),
            }
        }
    }

    /// Closes the word and returns what it held.
    ///
    /// This must be one step. With a load and then a store, a change in between is lost.
    pub(crate) fn close(&self) -> u64 {
        // Acquire: the closing thread sees all that happened before the changes that it collects.
        // Not Release: a thread that finds the word closed concludes nothing from it. It goes on to
        // its cell, or takes the lock.
        self.0.swap(CLOSED, Acquire)
    }

    /// Opens the word, which is closed, with `units`. Only the closing thread may do so.
    pub(crate) fn open(&self, units: u64) {
        // Pairs with the Acquire in `change`: a thread that finds the word open sees all that the
        // closing thread acquired when it collected the units.
        self.0.store(units, Release);
    }
}
