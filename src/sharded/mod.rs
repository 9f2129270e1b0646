mod column;
pub(crate) mod lease;
pub(crate) mod row;
mod slab;
pub(crate) mod table;

use std::{fmt, ops::RangeInclusive};

use self::column::Column;
use crate::counter::Counter;
use crate::sync::const_fn;

/// A cell for each thread: additions that cost next to nothing, however many threads add at once.
///
/// An addition is a load, an add and a store in memory that no other thread writes: no lock, no
/// locked instruction, no waiting. Only a thread's first addition, a counter's first, one that
/// finds the thread's row too short, and those of a thread that has begun to end take a lock, once
/// or twice (a tenth of a microsecond).
///
/// A [`get`](Counter::get) sums the cells, without a lock. It visits a row for each thread of the
/// largest number that ever counted at once in the process, and the rows that were outgrown. So
/// take this counter where many threads add often, and reads are rarer.
///
/// # Promise
///
/// The five promises of [the contract](Counter#the-contract), and [`bounds`](Self::bounds) for a
/// reader who wants to know how exact a read was. Reads are *not* linearizable: of two threads that
/// each add 1 and then `get`, both may read 1, because each sees its own addition before the other
/// thread does.
///
/// That is also why it is no [`FetchAdd`](crate::FetchAdd): its additions stand in no order, so
/// there is no "value before" to return. Asking for one does not compile:
///
/// ```compile_fail,E0277
/// use hotcount::{AtomicCounter, FetchAdd, ShardedCounter};
///
/// fn number(counter: &impl FetchAdd) -> u64 {
///     counter.increment_and_get()
/// }
/// let counter = ShardedCounter::new();
/// number(&counter);
/// ```
///
/// An [`AtomicCounter`](crate::AtomicCounter) has one:
///
/// ```
/// use hotcount::{AtomicCounter, FetchAdd, ShardedCounter};
///
/// fn number(counter: &impl FetchAdd) -> u64 {
///     counter.increment_and_get()
/// }
/// let counter = AtomicCounter::new();
/// number(&counter);
/// ```
///
/// # Memory
///
/// 24 bytes, and 8 in each row from the first addition on. There is a row for each thread of the
/// largest number that ever counted at once; a row has room for all counters in use when it was
/// made, rounded up to a power of two and at least 16. Up to as much again, 64 KiB at the most, is
/// held ready for rows to come. Rows are never freed: a thread that ends, or needs a longer row,
/// leaves its row, counts and all, to the next.
///
/// # Cost, here and on larger machines
///
/// What costs is a cache line that travels between cores. An addition to an
/// [`AtomicCounter`](crate::AtomicCounter) or [`LockedCounter`](crate::LockedCounter) moves the one
/// line, so with `c` cores adding, each waits for `c` transfers: time per addition grows with `c`. An
/// addition here moves none and stays as it is. A read here moves a line for each thread that has
/// added since the last read, so it grows with threads, and the others' reads move one.
///
/// Measured by us on 2 cores: 0.3 ns for an addition on one thread, whatever the others do, against
/// 5 to 7 ns (`benches/RESULTS.md`). Published by McKenney (*Is Parallel Programming Hard*, chapter
/// 5) for the same two designs: an atomic increment took 4.8 ns with 1 CPU and 14,820 ns with 420;
/// a per-thread one 1.5 ns and 2.9 ns.
///
/// # Exporting
///
/// The features `metrics` and `prometheus-client` have adapters. OpenTelemetry needs none: an
/// observable counter reads ours when it collects.
///
/// ```
/// use hotcount::{Counter, ShardedCounter};
/// use opentelemetry::metrics::MeterProvider;
/// # use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
/// # use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
/// # let exporter = InMemoryMetricExporter::default();
/// # let reader = PeriodicReader::builder(exporter.clone()).build();
/// # let provider = SdkMeterProvider::builder().with_reader(reader).build();
///
/// static HITS: ShardedCounter = ShardedCounter::new();
///
/// let _registered = provider
///     .meter("web")
///     .u64_observable_counter("hits")
///     .with_callback(|observer| observer.observe(HITS.get(), &[]))
///     .build();
/// HITS.add(3);
/// # provider.force_flush().unwrap();
/// # let collected = exporter.get_finished_metrics().unwrap();
/// # let metric = collected[0].scope_metrics().next().unwrap().metrics().next().unwrap();
/// # let AggregatedMetrics::U64(MetricData::Sum(sum)) = metric.data() else { panic!("a sum") };
/// # assert_eq!(sum.data_points().map(|point| point.value()).collect::<Vec<_>>(), [3]);
/// # assert!(sum.is_monotonic());
/// ```
///
/// # Where not to use it
///
/// - In a signal handler or a global allocator: it may interrupt an addition of the same thread
///   and lose it, or wait for itself. Take an [`AtomicCounter`](crate::AtomicCounter).
/// - In the child after a `fork` without `exec`: the lock may be held there for ever, by a thread
///   that was not copied. The thread that forked may read, and may add to the counters that it has
///   added to itself; totals stay right. More may hang.
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
    start: u64,
    column: Column,
}

impl ShardedCounter {
    const_fn! {
        /// A counter that starts at zero. It takes its place in the table with its first addition.
        pub fn new() -> Self {
            Self { start: 0, column: Column::new() }
        }
    }

    /// Reads twice and returns both results: the total at some moment between them lies inside. When
    /// both ends agree, it is that total.
    ///
    /// Costs two [`get`](Counter::get)s. The range is empty when the counter overflows meanwhile.
    ///
    /// Stated without a clock: there is a consistent cut, a set of additions that contains with
    /// each one all that happened before it, whose total is in the range.
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
        // What happened before an addition that the first sum counts, the second counts too.
        let low = self.get();
        let high = self.get();
        low..=high
    }

    /// Returns the value: nobody else has the counter any more. Costs a [`get`](Counter::get).
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
        self.column.add(n);
    }

    #[inline]
    fn get(&self) -> u64 {
        self.start.wrapping_add(self.column.sum())
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
        Self { start: value, column: Column::new() }
    }
}

impl fmt::Debug for ShardedCounter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ShardedCounter").field(&self.get()).finish()
    }
}
