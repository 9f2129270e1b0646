mod column;
mod free_columns;
pub(crate) mod free_list;
pub(crate) mod row;
mod row_allocator;
pub(crate) mod table;
pub(crate) mod this_thread;

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
/// counter where many threads add often and reads are rarer.
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
///   Then it takes a column: a cell in the row of each thread. So a counter that is added to rarely,
///   or lives shortly, costs as little as an [`AtomicCounter`](crate::AtomicCounter).
/// - A thread's first addition to a counter with a column takes a row. So does one that finds the
///   thread's row too short.
/// - An addition goes to the counter's own word if the thread has given its row back, which happens
///   in destructors of thread-locals, or if another thread is taking a row or a column right now.
///
/// A [`get`](Counter::get) takes no lock. It visits every row of the process. There are as many rows
/// as threads have ever counted at once, and one more for each time that such a thread outgrew its
/// row (see [Memory](#memory)).
///
/// What costs is a cache line that travels between cores. An addition to an
/// [`AtomicCounter`](crate::AtomicCounter) or [`LockedCounter`](crate::LockedCounter) moves the one
/// line. With `c` cores adding, each waits for `c` transfers, so the time per addition grows with
/// `c`. An addition to this counter moves no line, and its time stays the same. A read of this counter
/// moves a line for each thread that has added since the last read, so its time grows with the number
/// of threads. A read of the others moves one line. `benches/RESULTS.md` has times, measured here and
/// by others.
///
/// Every addition reads the counter's 24 bytes. If the same cache line holds a word that other
/// threads write all the time, such as an `AtomicCounter`, the addition waits for that line. Keep the
/// two apart, for instance with `crossbeam_utils::CachePadded`.
///
/// # Memory
///
/// A counter has 24 bytes, and a cell of 8 bytes in each thread's row once it has a column. On x86-64
/// and aarch64 a row has 16 cells, or 144, 1,168, … if more counters are in use.
///
/// Rows are never freed: a thread that ends leaves its row, counts and all, to the next. The memory of
/// a row is zeroed by the operating system where it can be, so cells that no thread uses stay without
/// memory behind them.
///
/// # Where it works
///
/// - In destructors of thread-locals.
/// - In a global allocator: on Linux with glibc; elsewhere if the target has native thread-locals and
///   std registers their destructors without the global allocator ([rust-lang/rust#144465][tls],
///   which Rust 1.95 has). An older std may abort there. Forward `alloc_zeroed` as well, or the
///   memory of rows is written when it is made.
/// - In the child after a `fork`, whatever the other threads did at that moment. A first addition
///   may allocate, which the system's allocators allow there.
///
/// [tls]: https://github.com/rust-lang/rust/pull/144465
///
/// It does not work in a signal handler: one that interrupts an addition of its own thread may lose
/// a count. Take an [`AtomicCounter`](crate::AtomicCounter) there.
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

    /// Does not compile: the additions stand in no order, so they have no numbers. The bound makes
    /// the compiler say so, and say what to take. Without it, it proposes `increment`.
    #[doc(hidden)]
    #[must_use]
    pub fn increment_and_get<'a>(&'a self) -> u64
    where
        &'a Self: FetchAdd,
    {
        FetchAdd::increment_and_get(&self)
    }

    /// Does not compile, as `increment_and_get` does not.
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

    /// An addition for which the thread has no cell.
    #[cold]
    fn add_slowly(&self, n: u64) {
        if !self.column.add_slowly(n) {
            // Pairs with the Acquire in `get`, as an addition in a row does.
            self.own.fetch_add(n, Release);
        }
    }

    /// Reads twice and returns both results: the range holds the total at some moment in between.
    ///
    /// If both ends agree, that is the total. Costs two [`get`](Counter::get)s. The range is empty
    /// if the counter overflows meanwhile.
    ///
    /// Stated without a clock: there is a consistent cut whose total is in the range. A cut is a set
    /// of additions that contains with each one all that happened before it.
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
