use crate::counter::Counter;

/// A reader's place in a counter: each [`take`](Self::take) returns what was added since the last.
///
/// It does what others call `reset`, and takes nothing from other readers. Any number of cursors can
/// read one counter, each on its own. **Each addition since a cursor was opened is in exactly one of
/// its takes.** A take costs one `get`. A clone starts where the original stands.
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
pub struct Cursor<C> {
    counter: C,
    taken: u64,
}

impl<C: Counter> Cursor<C> {
    /// A cursor whose first take returns all of [`get`](Counter::get), the start value included.
    #[must_use]
    pub fn new(counter: C) -> Self {
        Self { counter, taken: 0 }
    }

    /// A cursor whose first take returns what is added from now on: all additions that the `get` of
    /// this call does not count.
    #[must_use]
    pub fn from_now(counter: C) -> Self {
        let taken = counter.get();
        Self { counter, taken }
    }

    /// Returns the additions since the last take, and moves past them.
    ///
    /// It is right across an overflow of the counter, if less than 2<sup>64</sup> was added since.
    #[must_use = "no later take returns these additions"]
    pub fn take(&mut self) -> u64 {
        let now = self.counter.get();
        let since = now.wrapping_sub(self.taken);
        self.taken = now;
        since
    }
}
