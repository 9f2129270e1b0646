use std::fmt;

use crate::counter::{Counter, FetchAdd};
use crate::sync::{
    AtomicU64,
    Ordering::{AcqRel, Acquire, Release},
    const_fn,
};

/// One atomic word: the counter for unique numbers, and the default choice.
///
/// It is linearizable and takes 8 bytes. An addition is one atomic operation of the processor, and
/// a read is a plain load. All threads write the same word, so cores that add at once wait for its
/// cache line in turn. If that is a problem, take a [`ShardedCounter`](crate::ShardedCounter),
/// which is many times cheaper.
///
/// It works wherever code can run, also in a signal handler. On a target without 64-bit atomics
/// this is different: each operation takes a lock, so a signal handler must not use the counter.
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

    /// Returns the value. No other thread has the counter any more, so it is exact.
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
        // Pairs with the Acquire of a read that counts this addition. It acquires nothing, because
        // it returns nothing from which the caller could learn of other additions.
        self.value.fetch_add(n, Release);
    }

    #[inline]
    fn get(&self) -> u64 {
        // Pairs with the Release of each addition that it counts.
        self.value.load(Acquire)
    }
}

impl FetchAdd for AtomicCounter {
    #[inline]
    fn fetch_add(&self, n: u64) -> u64 {
        // Release as in `add`; Acquire because the value counts the additions before it.
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

impl fmt::Display for AtomicCounter {
    /// Prints what [`get`](Counter::get) returns.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}
