mod bounds;
mod invalid_bounds;
mod quantile;
mod snapshot;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

use self::bounds::Bounds;
use crate::group::run::Run;
use crate::group::sequence;

pub use self::invalid_bounds::InvalidBounds;
pub use self::quantile::Quantile;
pub use self::snapshot::HistogramSnapshot;

/// Observations counted in buckets, with their sum: latencies, sizes.
///
/// A bucket counts the observations up to its bound and above the bound before. The last bucket has
/// no upper bound. A [`snapshot`](Self::snapshot) has the buckets, the count and the sum **of the
/// same observations**, also while other threads observe. Histograms in wide use do not promise
/// that (`client_golang#275`, `client_java#1794`, `nginx-lua-prometheus#161`), or take a lock for
/// it (`prometheus-client`, `opentelemetry-rust#3473`).
///
/// # Promise
///
/// 1. **Whole or not at all.** A snapshot has an observation in its bucket and in the sum, or in
///    neither. The count is the sum of the buckets, so the two always agree.
/// 2. The promises of [the contract](crate::Counter#the-contract) hold for each bucket: nothing is
///    lost, snapshots are bracketed and monotone, and what is counted is published.
/// 3. **A value that is NaN or infinite is ignored**: it is in no bucket and not in the sum. The
///    OpenTelemetry specification asks for the same.
///
/// The sum is made by `f64` additions: first over the values of each thread, then over the threads.
/// So it is rounded, and becomes infinite if it overflows. It is monotone if no value is negative.
///
/// # Cost
///
/// An observation is a search for its bucket and one addition to two places of a
/// [`CounterGroup`](crate::CounterGroup#cost). It writes memory that no other thread writes, with
/// no lock and no locked instruction. The search looks the value's binary exponent up in a table,
/// and compares with the bounds of that half octave. If one half octave has more than four bounds, or
/// if a bound is zero or less, it is a binary search. A
/// snapshot costs what the `get` of such a group costs, and two allocations.
///
/// A histogram does not work where a group does not: see [where not to use
/// it](crate::CounterGroup#where-not-to-use-it).
///
/// # Exporting
///
/// `prometheus::HistogramMetric` (feature `prometheus`) and `prometheus_client::HistogramMetric`
/// (feature `prometheus-client`) put a histogram in a registry of that crate. OpenTelemetry needs
/// no adapter, see [the recipe](crate::docs::opentelemetry).
///
/// # Examples
///
/// ```
/// use hotcount::Histogram;
///
/// let latency = Histogram::with_bounds(&[0.1, 0.5, 1.0])?;
/// for seconds in [0.05, 0.3, 0.4, 2.0] {
///     latency.observe(seconds);
/// }
/// let snapshot = latency.snapshot();
/// assert_eq!(snapshot.count(), 4);
/// assert_eq!(snapshot.sum(), 2.75);
/// let buckets: Vec<_> = snapshot.buckets().collect();
/// assert_eq!(buckets, [(0.1, 1), (0.5, 2), (1.0, 0), (f64::INFINITY, 1)]);
/// # Ok::<(), hotcount::InvalidBounds>(())
/// ```
///
/// The number of bounds is known only at run time. So a histogram allocates, and its constructors
/// are not `const`. A `static` needs a [`LazyLock`](std::sync::LazyLock), which checks at each
/// observation whether the histogram exists:
///
/// ```
/// use std::sync::LazyLock;
///
/// use hotcount::Histogram;
///
/// static LATENCY: LazyLock<Histogram> = LazyLock::new(Histogram::default);
///
/// LATENCY.observe(0.3);
/// assert_eq!(LATENCY.snapshot().count(), 1);
/// ```
pub struct Histogram {
    bounds: Bounds,
    /// The sum, and then the buckets.
    run: Run,
}

impl Histogram {
    /// The default bounds of Prometheus's client libraries, for latencies in seconds.
    pub const DEFAULT_BOUNDS: [f64; 11] =
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

    /// The most bounds that a histogram can have. Each takes a cell in the row of every thread.
    pub const MAX_BOUNDS: usize = invalid_bounds::MAX_BOUNDS;

    /// A histogram with a bucket up to and including each of `bounds`, and a last bucket for all
    /// values above.
    ///
    /// # Errors
    ///
    /// If a bound is NaN or infinite, if a bound is not above the one before, or if there are more
    /// than [`MAX_BOUNDS`](Self::MAX_BOUNDS).
    pub fn with_bounds(bounds: &[f64]) -> Result<Self, InvalidBounds> {
        Self::new(bounds.iter().copied())
    }

    /// A histogram with `count` bounds: `start`, and each `width` above the one before.
    ///
    /// The [estimate](Quantile::estimate) of a quantile between two bounds is off by less than
    /// `width`.
    ///
    /// # Errors
    ///
    /// As [`with_bounds`](Self::with_bounds), for the bounds that result.
    pub fn with_linear_bounds(start: f64, width: f64, count: usize) -> Result<Self, InvalidBounds> {
        Self::new((0_u32..).map(|i| start + f64::from(i) * width).take(count))
    }

    /// A histogram with `count` bounds: `start`, and each `factor` times the one before.
    ///
    /// The [estimate](Quantile::estimate) of a quantile between two bounds is less than `factor`
    /// times too high or too low.
    ///
    /// # Errors
    ///
    /// As [`with_bounds`](Self::with_bounds), for the bounds that result.
    pub fn with_exponential_bounds(
        start: f64,
        factor: f64,
        count: usize,
    ) -> Result<Self, InvalidBounds> {
        Self::new(std::iter::successors(Some(start), |bound| Some(bound * factor)).take(count))
    }

    fn new(bounds: impl Iterator<Item = f64>) -> Result<Self, InvalidBounds> {
        let bounds = Bounds::new(bounds)?;
        Ok(Self { run: Run::new(1 + bounds.buckets()), bounds })
    }

    /// Counts `value` in its bucket and adds it to the sum, in one operation. Ignores a value that
    /// is NaN or infinite.
    #[inline]
    pub fn observe(&self, value: f64) {
        if !value.is_finite() {
            return;
        }
        let bucket = self.bounds.bucket_of(value);
        self.run.write(1 + self.bounds.buckets(), |places| {
            sequence::add_float(&places[0], value);
            sequence::add(&places[1 + bucket], 1);
        });
    }

    /// Returns the buckets and the sum of the same observations.
    #[must_use]
    pub fn snapshot(&self) -> HistogramSnapshot {
        let mut sum = 0.0;
        let mut buckets = vec![0_u64; self.bounds.buckets()];
        self.run.read(&mut vec![0; 1 + self.bounds.buckets()], |row| {
            sum += f64::from_bits(row[0]);
            for (bucket, n) in buckets.iter_mut().zip(&row[1..]) {
                *bucket = bucket.wrapping_add(*n);
            }
        });
        HistogramSnapshot::new(self.bounds.all().clone(), buckets, sum)
    }
}

impl Default for Histogram {
    /// A histogram with [`DEFAULT_BOUNDS`](Self::DEFAULT_BOUNDS).
    fn default() -> Self {
        Self::with_bounds(&Self::DEFAULT_BOUNDS).expect("they are finite and ascend")
    }
}

impl fmt::Debug for Histogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Histogram").field(&self.snapshot()).finish()
    }
}

// No caller's code runs inside an operation, so none can panic there.
impl UnwindSafe for Histogram {}
impl RefUnwindSafe for Histogram {}
