use std::fmt;

use crate::counter::Counter;
use crate::sharded::ShardedCounter;
use crate::sync::const_fn;

/// A count that also goes down: what is in flight, open, or queued.
///
/// Made of two [`ShardedCounter`]s that only go up, so an addition or subtraction costs as little
/// as theirs and a [`get`](Self::get) three times their `get`.
///
/// It is no [`Counter`]: that only goes up.
///
/// # Examples
///
/// ```
/// use hotcount::UpDownCounter;
///
/// static IN_FLIGHT: UpDownCounter = UpDownCounter::new();
///
/// fn serve(request: &str) -> usize {
///     IN_FLIGHT.increment();
///     let answer = request.len();
///     assert_eq!(IN_FLIGHT.get(), 1);
///     IN_FLIGHT.decrement();
///     answer
/// }
/// assert_eq!(serve("/index"), 6);
/// assert_eq!(IN_FLIGHT.get(), 0);
/// ```
#[derive(Default)]
pub struct UpDownCounter {
    ups: ShardedCounter,
    downs: ShardedCounter,
}

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

    /// Subtracts `n`, wrapping on overflow. It need not be the thread that added.
    #[inline]
    pub fn sub(&self, n: u64) {
        self.downs.add(n);
    }

    /// Adds 1.
    #[inline]
    pub fn increment(&self) {
        self.add(1);
    }

    /// Subtracts 1. It need not be the thread that incremented.
    #[inline]
    pub fn decrement(&self) {
        self.sub(1);
    }

    /// Returns the additions minus the subtractions.
    ///
    /// Exact when nobody adds or subtracts meanwhile. Beside others, and when **every subtraction
    /// happens after the addition that it undoes**, it is never below zero and never above what was
    /// in flight at some moment: at some consistent cut, a set of operations that contains with
    /// each one all that happened before it. It may be lower than at any moment, down to zero, so
    /// "all have left" is read when nobody comes any more.
    ///
    /// Two sums cannot promise that: ups first, and a unit that went up and down in between reads
    /// as −1; downs first, and all that came and went in between reads as in flight.
    #[must_use]
    pub fn get(&self) -> i64 {
        let downs_before = self.downs.get();
        let ups = self.ups.get();
        let downs_after = self.downs.get();
        // Not above the truth: all downs that happened before a counted up are subtracted.
        let low = 0_i64.wrapping_add_unsigned(ups.wrapping_sub(downs_after));
        // Not below zero: the ups of these downs happened before, and are counted.
        let high = 0_i64.wrapping_add_unsigned(ups.wrapping_sub(downs_before));
        0.max(low).min(high)
    }
}

impl fmt::Debug for UpDownCounter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UpDownCounter").field(&self.get()).finish()
    }
}
