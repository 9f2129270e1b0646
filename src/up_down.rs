use std::fmt;

use crate::counter::Counter;
use crate::sharded::ShardedCounter;
use crate::sync::const_fn;

/// A count that also goes down: what is in progress, open, or queued.
///
/// It is made of two [`ShardedCounter`]s that only go up, one for the additions and one for the
/// subtractions. An addition or a subtraction costs what an addition to a `ShardedCounter` costs. A
/// [`get`](Self::get) costs three of their `get`s, and up to nine while other threads subtract.
///
/// An [`InProgress`](crate::InProgress) guard adds 1 and subtracts it again when it is dropped.
///
/// It is not a [`Counter`], because a counter only goes up. Its methods need no trait in scope.
///
/// # Examples
///
/// ```
/// use hotcount::{InProgress, UpDownCounter};
///
/// static IN_FLIGHT: UpDownCounter = UpDownCounter::new();
///
/// fn serve(request: &str) -> usize {
///     let _request = InProgress::new(&IN_FLIGHT); // until the function returns or panics
///     assert_eq!(IN_FLIGHT.get(), 1);
///     request.len()
/// }
/// assert_eq!(serve("/index"), 6);
/// assert_eq!(IN_FLIGHT.get(), 0);
/// ```
#[derive(Default)]
pub struct UpDownCounter {
    ups: ShardedCounter,
    downs: ShardedCounter,
}

/// How often a `get` looks again while subtractions come in between.
const TRIES: usize = 4;

impl UpDownCounter {
    const_fn! {
        /// A counter that stands at zero.
        pub fn new() -> Self {
            Self { ups: ShardedCounter::new(), downs: ShardedCounter::new() }
        }
    }

    /// Adds `n`, wrapping on overflow.
    #[inline]
    pub fn add(&self, n: u64) {
        self.ups.add(n);
    }

    /// Subtracts `n`, wrapping on overflow. The thread that added may be another one.
    #[inline]
    pub fn sub(&self, n: u64) {
        self.downs.add(n);
    }

    /// Adds 1.
    #[inline]
    pub fn increment(&self) {
        self.add(1);
    }

    /// Subtracts 1. The thread that added may be another one.
    #[inline]
    pub fn decrement(&self) {
        self.sub(1);
    }

    /// Returns the additions minus the subtractions.
    ///
    /// The result is exact if no thread adds or subtracts meanwhile.
    ///
    /// Otherwise it is a lower bound, provided that **every subtraction happens after the addition
    /// that it undoes**:
    ///
    /// - It is never below zero.
    /// - It is never above the count at some moment of the call. (Stated without a clock: at some
    ///   consistent cut, a set of operations that contains with each one all that happened before
    ///   it.)
    /// - It may be below the count at every moment of the call. `get` looks up to four times and
    ///   returns the largest bound, so this needs a subtraction in the middle of each look.
    #[must_use]
    pub fn get(&self) -> i64 {
        let mut bound = i64::MIN;
        let mut downs_before = self.downs.get();
        for _ in 0..TRIES {
            let ups = self.ups.get();
            let downs_after = self.downs.get();
            // Not above the truth: it subtracts all downs that happened before a counted up.
            let low = difference(ups, downs_after);
            // Not below zero: the ups of these downs happened before them, and are counted.
            let high = difference(ups, downs_before);
            // Each look gives a bound, so the largest of them is one.
            bound = bound.max(low.max(0).min(high));
            if downs_before == downs_after {
                break;
            }
            downs_before = downs_after;
        }
        bound
    }

    /// Returns the value. No other thread has the counter any more, so it is exact.
    ///
    /// ```
    /// use hotcount::UpDownCounter;
    ///
    /// let counter = UpDownCounter::new();
    /// counter.add(2);
    /// counter.sub(5);
    /// assert_eq!(counter.into_inner(), -3);
    /// ```
    #[must_use]
    pub fn into_inner(self) -> i64 {
        difference(self.ups.into_inner(), self.downs.into_inner())
    }
}

/// Returns `ups - downs`, wrapping on overflow.
fn difference(ups: u64, downs: u64) -> i64 {
    0_i64.wrapping_add_unsigned(ups.wrapping_sub(downs))
}

impl fmt::Debug for UpDownCounter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UpDownCounter").field(&self.get()).finish()
    }
}

impl fmt::Display for UpDownCounter {
    /// Prints what [`get`](Self::get) returns.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}
