use std::fmt;

use crate::counter::{Counter, FetchAdd};
use crate::sync::{
    AtomicU64,
    Ordering::{AcqRel, Acquire, Release},
    const_fn,
};

/// One atomic word: the counter for unique numbers, and the default choice.
///
/// Linearizable, and without locks; 8 bytes. An addition is one atomic operation of the processor, a
/// read a plain load. All threads write the same word, so with many cores counting at once they wait
/// for its cache line in turn: then a [`ShardedCounter`](crate::ShardedCounter) is many times
/// cheaper.
///
/// It is also the counter for signal handlers and global allocators, where only this one is safe.
///
/// # Examples
///
/// ```
/// use hotcount::{AtomicCounter, Counter, FetchAdd};
///
/// static VISITORS: AtomicCounter = AtomicCounter::new();
///
/// std::thread::scope(|scope| {
///     for _ in 0..50 {
///         scope.spawn(|| (0..1000).for_each(|_| VISITORS.increment()));
///     }
/// });
/// assert_eq!(VISITORS.get(), 50_000);
/// assert_eq!(VISITORS.increment_and_get(), 50_001);
/// ```
pub struct AtomicCounter {
    value: AtomicU64,
}

impl AtomicCounter {
    const_fn! {
        /// A counter that starts at zero.
        pub fn new() -> Self {
            Self::starting_at(0)
        }
    }

    const_fn! {
        /// A counter that starts at `value`.
        ///
        /// ```
        /// use hotcount::{Counter, AtomicCounter};
        ///
        /// static ORDERS: AtomicCounter = AtomicCounter::starting_at(1_000);
        /// ORDERS.increment();
        /// assert_eq!(ORDERS.get(), 1_001);
        /// ```
        pub fn starting_at(value: u64) -> Self {
            Self { value: AtomicU64::new(value) }
        }
    }

    /// Returns the value: nobody else has the counter any more.
    ///
    /// ```
    /// use hotcount::{AtomicCounter, Counter};
    ///
    /// let counter = AtomicCounter::from(40);
    /// counter.add(2);
    /// assert_eq!(counter.into_inner(), 42);
    /// ```
    #[must_use]
    pub fn into_inner(self) -> u64 {
        self.value.into_inner()
    }
}

impl Counter for AtomicCounter {
    #[inline]
    fn add(&self, n: u64) {
        // Pairs with the Acquire of whoever counts this addition. Acquires nothing: it returns
        // nothing that could tell its caller of others.
        self.value.fetch_add(n, Release);
    }

    #[inline]
    fn get(&self) -> u64 {
        // Pairs with the Release of every addition counted.
        self.value.load(Acquire)
    }
}

impl FetchAdd for AtomicCounter {
    #[inline]
    fn fetch_add(&self, n: u64) -> u64 {
        // Release as `add`; Acquire because the value tells the caller who came before.
        self.value.fetch_add(n, AcqRel)
    }
}

impl Default for AtomicCounter {
    fn default() -> Self {
        Self::new()
    }
}

impl From<u64> for AtomicCounter {
    /// A counter that starts at `value`.
    fn from(value: u64) -> Self {
        Self::starting_at(value)
    }
}

impl fmt::Debug for AtomicCounter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AtomicCounter").field(&self.get()).finish()
    }
}
