use std::fmt::Debug;
use std::sync::Arc;

use crate::counter::Counter;
use crate::group::CounterGroup;

/// A reader's place in a counter: each [`take`](Self::take) returns what was added since the last
/// one.
///
/// Use it where other libraries have a `reset`. It takes nothing from other readers: any number of
/// cursors can read one counter, each on its own. A clone starts where the original stands.
///
/// # Promise
///
/// **Each addition since a cursor was opened is in exactly one of its takes.**
///
/// # Cost
///
/// A take costs one `get`.
///
/// # What it reads
///
/// - Every [`Counter`].
/// - A [`CounterGroup`]. Each addition is in a window whole or not at all.
///
/// It does not read a [`Histogram`](crate::Histogram), because the sum of a histogram is rounded.
/// So the difference of two sums is not the sum of the values in between. Subtract the buckets of
/// two [snapshots](crate::Histogram::snapshot) instead.
///
/// # Examples
///
/// ```
/// use hotcount::{Counter, Cursor, ShardedCounter};
///
/// let hits = ShardedCounter::from(100);
/// let mut per_second = Cursor::from_now(&hits);
/// let mut everything = Cursor::new(&hits);
///
/// hits.add(5);
/// assert_eq!(per_second.take(), 5);
/// hits.add(2);
/// assert_eq!(per_second.take(), 2);
/// assert_eq!(everything.take(), 107);
/// assert_eq!(everything.take(), 0);
/// ```
#[derive(Clone, Debug)]
pub struct Cursor<C: Cumulative> {
    counter: C,
    taken: C::Total,
}

impl<C: Cumulative> Cursor<C> {
    /// A cursor whose first take returns all of [`get`](Counter::get), the start value included.
    #[must_use]
    pub fn new(counter: C) -> Self {
        Self { counter, taken: C::ZERO }
    }

    /// A cursor whose first take returns what is added from now on: all additions that the `get` of
    /// this call does not count.
    #[must_use]
    pub fn from_now(counter: C) -> Self {
        let taken = counter.total();
        Self { counter, taken }
    }

    /// Returns the additions since the last take, and moves past them.
    ///
    /// The result is right across an overflow of the counter, if less than 2<sup>64</sup> was added
    /// since the last take.
    #[must_use = "no later take returns these additions"]
    pub fn take(&mut self) -> C::Total {
        let now = self.counter.total();
        let since = C::difference(now, self.taken);
        self.taken = now;
        since
    }
}

/// What a [`Cursor`] reads: a total that only goes up.
///
/// Every [`Counter`] is cumulative, and so is a [`CounterGroup`].
pub trait Cumulative {
    /// `u64` for a counter, `[u64; N]` for a group.
    type Total: Copy + Debug;

    /// The total before the first addition.
    const ZERO: Self::Total;

    /// Reads the total.
    fn total(&self) -> Self::Total;

    /// Returns what was added between two totals. Wraps, as the total does.
    fn difference(now: Self::Total, before: Self::Total) -> Self::Total;
}

impl<C: Counter> Cumulative for C {
    type Total = u64;
    const ZERO: u64 = 0;

    fn total(&self) -> u64 {
        self.get()
    }

    fn difference(now: u64, before: u64) -> u64 {
        now.wrapping_sub(before)
    }
}

macro_rules! groups_are_cumulative {
    ($($group:ty),*) => {$(
        impl<const N: usize> Cumulative for $group {
            type Total = [u64; N];
            const ZERO: [u64; N] = [0; N];

            fn total(&self) -> [u64; N] {
                self.get()
            }

            fn difference(now: [u64; N], before: [u64; N]) -> [u64; N] {
                std::array::from_fn(|i| now[i].wrapping_sub(before[i]))
            }
        }
    )*};
}

groups_are_cumulative!(
    CounterGroup<N>,
    &CounterGroup<N>,
    Box<CounterGroup<N>>,
    Arc<CounterGroup<N>>
);
