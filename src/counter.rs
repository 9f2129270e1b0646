use std::sync::Arc;

/// A `u64` that many threads add to: what every counter of this crate promises.
///
/// A counter only goes up, modulo 2<sup>64</sup>. There is no `reset`, because a reader that sets
/// a count to zero takes it from every other reader: read windows with a
/// [`Cursor`](crate::Cursor).
///
/// *Happens before* is meant as in the memory model: within one thread the program's order; between
/// threads what a join, a lock, a channel or one of the counters below establishes.
///
/// # The contract
///
/// 1. **Nothing is lost.** When every [`add`](Self::add) has happened before a [`get`](Self::get),
///    `get` returns the start value plus all of them.
/// 2. **Bracketed reads.** A `get` returns at least the additions that happen before it begins, and
///    at most those that do not happen after it ends.
/// 3. **Monotone.** Gets ordered by happens-before never go backwards.
/// 4. **Published.** An addition happens before whatever follows a `get`,
///    [`fetch_add`](FetchAdd::fetch_add), [`increment_and_get`](FetchAdd::increment_and_get) or
///    [`with`](crate::LockedCounter::with) that counts it. So a count may serve as a signal: who
///    reads 8 from a counter of finished workers may read the results of all 8.
/// 5. **Wraps, never panics.** Overflow wraps, in debug and in release builds alike. `add` works
///    in the destructors of thread-locals too; for signal handlers, global allocators and forked
///    children take an [`AtomicCounter`](crate::AtomicCounter).
///
/// Promise 2 is *intermediate value linearizability* ([Rinberg and Keidar, 2020][ivl]), told with
/// happens-before in place of real time. [`AtomicCounter`](crate::AtomicCounter) and
/// [`LockedCounter`](crate::LockedCounter) are linearizable, which is more;
/// [`ShardedCounter`](crate::ShardedCounter) is not: two threads that each add 1 and then `get`
/// may both read 1. A thread that polls `get` until it reads `n` is right with any counter; "the
/// last one to finish does X" needs a [`FetchAdd`].
///
/// The trait is open: a counter of your own that keeps the contract works with everything here.
///
/// [ivl]: https://doi.org/10.4230/LIPIcs.DISC.2020.2
///
/// # Examples
///
/// ```
/// use hotcount::{AtomicCounter, Counter, ShardedCounter};
///
/// fn serve(requests: &dyn Counter) {
///     requests.increment();
///     requests.add(2);
/// }
///
/// let counters: [Box<dyn Counter>; 2] =
///     [Box::new(AtomicCounter::new()), Box::new(ShardedCounter::new())];
/// for counter in &counters {
///     serve(counter);
///     assert_eq!(counter.get(), 3);
/// }
/// ```
pub trait Counter: Send + Sync {
    /// Adds `n`, wrapping on overflow.
    ///
    /// The addition happens before whatever follows a read that counts it. It never panics. What it
    /// costs is the difference between the counters, see each.
    fn add(&self, n: u64);

    /// Adds 1.
    ///
    /// **The classic mistake** is `increment()` and then [`get`](Self::get) to learn "my" number:
    /// another thread may add between the two, and then both read the same number and the one
    /// before it is read by nobody. A number comes only from the operation that added: take
    /// [`FetchAdd::increment_and_get`].
    fn increment(&self) {
        self.add(1);
    }

    /// Returns the start value plus the additions so far, as promises 1 to 4 of [the
    /// contract](Counter#the-contract) say.
    ///
    /// What it returns is a total, never a ticket: after [`increment`](Self::increment), a `get`
    /// may already count the additions of others.
    #[must_use]
    fn get(&self) -> u64;

    /// Returns the id of a counter that outlives its process, as one in a file; `None` for others.
    ///
    /// The id is the same in every process and after every restart, and no other counter has it. So
    /// totals over many machines count such a counter once.
    #[must_use]
    fn persistent_id(&self) -> Option<u128> {
        None
    }
}

/// A [`Counter`] whose additions stand in one total order, so that each can be given its number.
///
/// This is what a visitor number, an order id or "the last one out" needs. It costs a memory word
/// or a lock that all threads share, which is why [`ShardedCounter`](crate::ShardedCounter), whose
/// threads share nothing, is a `Counter` only.
///
/// An addition happens before the `fetch_add`s that come after it in the order.
///
/// # Examples
///
/// ```
/// use hotcount::{AtomicCounter, FetchAdd};
///
/// let tickets = AtomicCounter::new();
/// assert_eq!(tickets.increment_and_get(), 1);
/// assert_eq!(tickets.increment_and_get(), 2);
/// assert_eq!(tickets.fetch_add(10), 2); // 3 to 12 are ours
/// assert_eq!(tickets.increment_and_get(), 13);
/// ```
pub trait FetchAdd: Counter {
    /// Adds `n`, wrapping on overflow, and returns the value before. Costs as much as an `add`.
    ///
    /// Over additions of 1 the values are unique and without a gap.
    #[must_use = "use `add` when the value before is not needed"]
    fn fetch_add(&self, n: u64) -> u64;

    /// Adds 1 and returns the value after: the first caller gets 1, each other the next number.
    #[must_use = "use `increment` when the number is not needed"]
    fn increment_and_get(&self) -> u64 {
        self.fetch_add(1).wrapping_add(1)
    }
}

macro_rules! forward_to_the_counter_behind {
    ($($pointer:ty),*) => {$(
        impl<C: Counter + ?Sized> Counter for $pointer {
            #[inline]
            fn add(&self, n: u64) {
                (**self).add(n);
            }
            #[inline]
            fn increment(&self) {
                (**self).increment();
            }
            #[inline]
            fn get(&self) -> u64 {
                (**self).get()
            }
            #[inline]
            fn persistent_id(&self) -> Option<u128> {
                (**self).persistent_id()
            }
        }

        impl<C: FetchAdd + ?Sized> FetchAdd for $pointer {
            #[inline]
            fn fetch_add(&self, n: u64) -> u64 {
                (**self).fetch_add(n)
            }
            #[inline]
            fn increment_and_get(&self) -> u64 {
                (**self).increment_and_get()
            }
        }
    )*};
}

forward_to_the_counter_behind!(&C, Box<C>, Arc<C>);
