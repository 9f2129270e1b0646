use std::sync::Arc;

/// A `u64` that many threads add to: the promise of every counter of this crate.
///
/// A counter only goes up, modulo 2<sup>64</sup>. There is no `reset`, because a reader that sets a
/// count to zero takes it from every other reader. Read windows with a [`Cursor`](crate::Cursor).
///
/// # The contract
///
/// *Happens before* has the meaning of the memory model. Within a thread it is the program's order.
/// Between threads a join, a lock, a channel or a counter establishes it.
///
/// 1. **Nothing is lost.** If every [`add`](Self::add) happened before a [`get`](Self::get), `get`
///    returns the start value plus all of them.
/// 2. **Bracketed reads.** A `get` counts every addition that happened before it began. It counts
///    no addition that happens after it ended. It may or may not count any other addition.
/// 3. **Monotone.** Gets ordered by happens-before never go backwards.
/// 4. **Published.** If a `get`, [`fetch_add`](FetchAdd::fetch_add),
///    [`increment_and_get`](FetchAdd::increment_and_get) or [`with`](crate::LockedCounter::with)
///    counts an addition, the caller also sees everything written before that addition. A count can
///    therefore be used as a signal: a thread that reads 8 from a counter of finished workers can
///    read the results of all 8.
/// 5. **Wraps, never panics.** An overflow wraps, in debug and in release builds. `add` also works
///    in the destructors of thread-locals.
///
/// Promise 2 is *intermediate value linearizability* ([Rinberg and Keidar, 2020][ivl]), stated with
/// happens-before in place of real time. [`AtomicCounter`](crate::AtomicCounter) and
/// [`LockedCounter`](crate::LockedCounter) promise more: they are linearizable.
/// [`ShardedCounter`](crate::ShardedCounter) is not. If two threads each add 1 and then `get`, both
/// may read 1.
///
/// A thread may poll `get` until it reads `n`, with any counter. "The last one to finish does X"
/// needs a [`FetchAdd`].
///
/// An operation that only one type has is a method of that type, and needs no trait in scope.
/// Examples are [`LockedCounter::with`](crate::LockedCounter::with) and all of
/// [`UpDownCounter`](crate::UpDownCounter).
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
    /// It never panics. The addition happens before everything that follows a read that counts it.
    /// The cost depends on the counter.
    fn add(&self, n: u64);

    /// Adds 1.
    ///
    /// **The classic mistake** is `increment()` and then [`get`](Self::get) to learn "my" number.
    /// Another thread may add between the two. Then both read the same number, and no thread reads
    /// the one before it. Only the operation that added can return its number: use
    /// [`FetchAdd::increment_and_get`].
    fn increment(&self) {
        self.add(1);
    }

    /// Returns the start value plus the additions so far. [The contract](Counter#the-contract) says
    /// which ones it counts.
    ///
    /// The result is a total. It is not the caller's number: after [`increment`](Self::increment),
    /// a `get` may already count the additions of other threads.
    #[must_use]
    fn get(&self) -> u64;

    /// Returns the id of a counter that outlives its process, such as one in a file. Returns `None`
    /// for every other counter.
    ///
    /// The id is the same in every process and after every restart, so totals over many machines
    /// count such a counter once. Two counters have the same id only if their file was copied, or
    /// if a name was lost in a power cut.
    #[must_use]
    fn persistent_id(&self) -> Option<u128> {
        None
    }
}

/// A [`Counter`] whose additions stand in one total order, so each can return its number.
///
/// A visitor number, an order id and "the last one out" need this. The price is a memory word or a
/// lock that all threads share. The threads that add to a [`ShardedCounter`](crate::ShardedCounter)
/// share nothing, so it is a `Counter` only.
///
/// An addition happens before each `fetch_add` that comes after it in the order.
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
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no number for an addition: its additions stand in no total order",
    label = "it can only `add` and `increment`",
    note = "for unique numbers use an `AtomicCounter`; to read a total use `get`: the total is not \
            the caller's number"
)]
pub trait FetchAdd: Counter {
    /// Adds `n`, wrapping on overflow, and returns the value before. Costs as much as an `add`.
    ///
    /// Over additions of 1 the values are unique and have no gaps.
    #[must_use = "use `add` if the value before is not needed"]
    fn fetch_add(&self, n: u64) -> u64;

    /// Adds 1 and returns the value after. From 0, the callers get 1, 2, 3 and so on.
    #[must_use = "use `increment` if the number is not needed"]
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
