// The counter is below. Its engine, which `docs/internals.md` explains:
mod column; // what a counter has of the table: claims a column, adds, sums, gives it back
mod free_columns; // columns that no counter and no group has
pub(crate) mod free_list; // numbers of free rows and columns, given back without waiting
pub(crate) mod row; // the cells of a thread, and who may write them
mod row_allocator; // the memory of rows, zeroed and in whole cache lines
pub(crate) mod table; // all rows and columns of the process
pub(crate) mod this_thread; // the calling thread's row, and the mark of its slow path

use std::{fmt, ops::RangeInclusive};

use self::column::Column;
use crate::counter::{Counter, FetchAdd};
use crate::sync::{
    AtomicU64,
    Ordering::{Acquire, Release},
    const_fn,
};

/// A cell for each thread: additions that cost next to nothing, however many threads add at once.
///
/// An addition is a load, an add and a store in memory that no other thread writes: six
/// instructions on x86-64, none of them locked. A read sums the cells of all threads. Take this
/// counter if many threads add often and reads are rarer.
///
/// # Promise
///
/// The five promises of [the contract](Counter#the-contract). [`bounds`](Self::bounds) tells how
/// exact a read was.
///
/// Reads are *not* linearizable. If two threads each add 1 and then `get`, both may read 1, because
/// each sees its own addition before the other thread does. For the same reason it is no
/// [`FetchAdd`]: its additions stand in no order, so there is no "value before" to return. Asking
/// for one does not compile:
///
/// ```compile_fail,E0277
/// # use hotcount::{AtomicCounter, FetchAdd, ShardedCounter};
/// static VISITORS: ShardedCounter = ShardedCounter::new();
/// let number = VISITORS.increment_and_get();
/// ```
///
/// An [`AtomicCounter`](crate::AtomicCounter) has one:
///
/// ```
/// # use hotcount::{AtomicCounter, FetchAdd, ShardedCounter};
/// static VISITORS: AtomicCounter = AtomicCounter::new();
/// let number = VISITORS.increment_and_get();
/// ```
///
/// # Cost
///
/// An addition never waits for another thread. It takes more than the six instructions only in
/// these cases:
///
/// - The counter's first additions (8, and one more for every 16 rows) go to a word of its own.
///   Then it takes a column: a cell in the row of each thread. So a counter that gets few
///   additions, or is dropped soon, costs as little as an [`AtomicCounter`](crate::AtomicCounter).
/// - A thread's first addition to any counter with a column takes a row. An addition that finds the
///   thread's row too short takes a longer one.
/// - An addition that needs a row or a column goes to the counter's own word instead if another
///   thread is taking one at this moment. The next addition tries again.
/// - An addition goes to the counter's own word if the thread has given its row back. This happens
///   in destructors of thread-locals.
///
/// A [`get`](Counter::get) takes no lock. It visits every row of the process. There are at most as
/// many rows as threads ever counted at once, and one more for each time that a thread outgrew its
/// row (see [Memory](#memory)).
///
/// The cost that matters is a cache line that moves between cores:
///
/// | | an addition moves | a read moves |
/// |---|---|---|
/// | this counter | no line | a line for each thread that has added since the last read |
/// | `AtomicCounter`, `LockedCounter` | the one line | the one line |
///
/// If `c` cores add to one line, each waits for `c` transfers, so the time per addition grows with
/// `c`. The time of an addition to this counter stays the same. The time of a read grows with the
/// number of threads. `benches/RESULTS.md` has times, measured here and by others.
///
/// Every addition also reads the counter itself. If the same cache line holds a word that other
/// threads write all the time, such as an `AtomicCounter`, the addition waits for that line. Keep
/// the two apart, for instance with `crossbeam_utils::CachePadded`.
///
/// # Memory
///
/// A counter takes 24 bytes. Once it has a column, it also takes a cell of 8 bytes in each thread's
/// row. On x86-64 and aarch64 a row has 16 cells, or 144, 1,168, … if more counters are in use.
///
/// Rows are never freed. A thread that ends leaves its row, with its counts, to the next thread.
/// The operating system backs the memory of a long row page by page, when a page is first used. So
/// a page without a used cell takes no memory.
///
/// # Where it works
///
/// - In destructors of thread-locals.
/// - In a global allocator on Linux with glibc. On other systems, if the target has native
///   thread-locals and std registers their destructors without the global allocator
///   ([rust-lang/rust#144465][tls], which Rust 1.95 has). An older std may abort there. Your
///   allocator should forward `alloc_zeroed` as well. If it does not, all memory of a row is
///   written when the row is made.
/// - In the child after a `fork`, whatever the other threads did at that moment. A first addition
///   may allocate, which the system's allocators allow there.
///
/// [tls]: https://github.com/rust-lang/rust/pull/144465
///
/// It does not work in a signal handler. A handler that interrupts an addition of its own thread
/// may lose a count. Take an [`AtomicCounter`](crate::AtomicCounter) there.
///
/// # Exporting
///
/// The features `metrics`, `prometheus` and `prometheus-client` have adapters. OpenTelemetry needs
/// none, see [the recipe](crate::docs::opentelemetry).
///
/// # Examples
///
/// ```
/// use hotcount::{Counter, ShardedCounter};
///
/// static BYTES_SENT: ShardedCounter = ShardedCounter::new();
///
/// std::thread::scope(|scope| {
///     for _ in 0..50 {
///         scope.spawn(|| (0..1000).for_each(|_| BYTES_SENT.add(1_500)));
///     }
/// });
/// assert_eq!(BYTES_SENT.get(), 75_000_000);
/// ```
pub struct ShardedCounter {
    /// The start value, and the additions that no row could take.
    own: AtomicU64,
    column: Column,
}

impl ShardedCounter {
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
        /// use hotcount::{Counter, ShardedCounter};
        ///
        /// static SINCE_THE_LAST_RELEASE: ShardedCounter = ShardedCounter::starting_at(1_000);
        /// SINCE_THE_LAST_RELEASE.increment();
        /// assert_eq!(SINCE_THE_LAST_RELEASE.get(), 1_001);
        /// ```
        pub fn starting_at(value: u64) -> Self {
            Self { own: AtomicU64::new(value), column: Column::new() }
        }
    }

    /// A call does not compile: the additions stand in no order, so they have no numbers. The bound
    /// makes the compiler say this, and name a counter that has numbers. Without this method, the
    /// compiler would propose `increment`.
    #[doc(hidden)]
    #[must_use]
    pub fn increment_and_get<'a>(&'a self) -> u64
    where
        &'a Self: FetchAdd,
    {
        FetchAdd::increment_and_get(&self)
    }

    /// A call does not compile, like one of `increment_and_get`.
    #[doc(hidden)]
    #[must_use]
    pub fn fetch_add<'a>(&'a self, n: u64) -> u64
    where
        &'a Self: FetchAdd,
    {
        FetchAdd::fetch_add(&self, n)
    }

    /// Returns the start value plus the additions that no row could take.
    #[allow(dead_code, reason = "tests/rows looks at it")]
    pub(crate) fn own_word(&self) -> u64 {
        self.own.load(Acquire)
    }

    /// Adds `n` for a thread that has no cell in the counter's column.
    #[cold]
    fn add_slowly(&self, n: u64) {
        if !self.column.add_slowly(n) {
            // Pairs with the Acquire in `get`, as an addition in a row does.
            self.own.fetch_add(n, Release);
        }
    }

    /// Reads twice and returns both results. The range contains the total of some moment of the
    /// call.
    ///
    /// If both ends are equal, they are that total. Costs two [`get`](Counter::get)s. The range is
    /// empty if the counter overflows between the reads.
    ///
    /// Stated without a clock: there is a consistent cut whose total is in the range. A cut is a
    /// set of additions that contains with each one all that happened before it.
    ///
    /// # Examples
    ///
    /// ```
    /// use hotcount::{Counter, ShardedCounter};
    ///
    /// let hits = ShardedCounter::from(40);
    /// hits.add(2);
    /// assert_eq!(hits.bounds(), 42..=42);
    /// ```
    #[must_use]
    pub fn bounds(&self) -> RangeInclusive<u64> {
        // If the first sum counts an addition, the second counts all that happened before it.
        let low = self.get();
        let high = self.get();
        low..=high
    }

    /// Returns the value. No other thread has the counter any more, so it is exact.
    ///
    /// Costs a [`get`](Counter::get).
    ///
    /// ```
    /// assert_eq!(hotcount::ShardedCounter::from(42).into_inner(), 42);
    /// ```
    #[must_use]
    pub fn into_inner(self) -> u64 {
        self.get()
    }
}

impl Counter for ShardedCounter {
    #[inline]
    fn add(&self, n: u64) {
        if !self.column.add(n) {
            self.add_slowly(n);
        }
    }

    #[inline]
    fn get(&self) -> u64 {
        // Pairs with the Release in `add_slowly`.
        self.own.load(Acquire).wrapping_add(self.column.sum())
    }
}

impl Default for ShardedCounter {
    fn default() -> Self {
        Self::new()
    }
}

impl From<u64> for ShardedCounter {
    /// A counter that starts at `value`.
    fn from(value: u64) -> Self {
        Self::starting_at(value)
    }
}

impl fmt::Debug for ShardedCounter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ShardedCounter").field(&self.get()).finish()
    }
}

impl fmt::Display for ShardedCounter {
    /// Prints what [`get`](Counter::get) returns.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}
