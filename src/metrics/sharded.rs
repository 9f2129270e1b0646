use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

use super::counters::Counters;
use super::flush_handle::{Flush, FlushHandle};
use super::key_counter::KeyCounter;

/// A recorder whose counters are [`ShardedCounter`](crate::ShardedCounter)s, around any other.
///
/// The counters are kept here. A [`FlushHandle`] hands on what was added to them. Gauges,
/// histograms and descriptions go straight to the inner recorder. Keys, labels and metadata stay as
/// they are.
///
/// # Promise
///
/// - **Exact.** A [`flush`](FlushHandle::flush) gives the inner counter what was counted since the
///   flush before: nothing is lost, and nothing is given twice. It calls `increment` only, because
///   recorders disagree on `absolute`: some ignore it, and some add up the totals.
/// - A counter that has not changed is not touched. If the inner recorder forgets idle counters, a
///   forgotten counter starts again at zero with the next addition, as it does without `Sharded`.
/// - A key is one counter, however often it is registered.
/// - `increment` wraps. No operation panics, unless the inner recorder does.
/// - `absolute` raises the counter to the value and never lowers it. Concurrent `absolute`s are
///   exact. If increments are concurrent with an `absolute`, the result is at least the value, and at
///   most the value plus these increments.
///
/// Tested behind metrics-exporter-prometheus, metrics-exporter-statsd, metrics-exporter-dogstatsd,
/// metrics-exporter-opentelemetry, metrics-prometheus and the `DebuggingRecorder` of metrics-util,
/// each compared with the same recorder without `Sharded`; and inside and outside metrics-util's
/// layers.
///
/// # Cost
///
/// An increment through a kept handle costs that of a `ShardedCounter` and a virtual call. The
/// `counter!` macro adds a look-up in the calling thread's own map. It takes a lock only if the
/// thread does not find the key there, if a flush looks through the map right now, or if the thread
/// is ending.
///
/// # Memory
///
/// - A key and its counter are kept once. After some additions, each thread that counts under the
///   key has a cell of 8 bytes for it. A thread that starts reuses the cells of one that has ended.
/// - The map of a thread has up to 4,096 handles for the macro. Under further keys the macro takes a
///   lock and allocates. A thread that ends leaves its map to the next.
/// - A counter that has not changed for two flushes is forgotten, and made again by its next use. The
///   flush takes it out of the maps of all threads, also of idle ones. A counter stays while the
///   program keeps a handle of it, and after an `absolute`.
/// - A recorder that is dropped leaves nothing in a thread. A recorder takes 10 KiB when it is first
///   used.
///
/// # Examples
///
/// ```
/// use metrics::{counter, with_local_recorder};
/// use metrics_exporter_prometheus::PrometheusBuilder;
///
/// let recorder = PrometheusBuilder::new().build_recorder();
/// let handle = recorder.handle();
/// let sharded = hotcount::metrics::Sharded::new(recorder);
/// let flush = sharded.flush_handle();
///
/// with_local_recorder(&sharded, || {
///     counter!("requests_total", "path" => "/").increment(2);
/// });
/// flush.flush();
/// assert!(handle.render().contains(r#"requests_total{path="/"} 2"#));
/// ```
pub struct Sharded<R> {
    shared: Arc<Shared<R>>,
}

struct Shared<R> {
    inner: R,
    counters: Counters,
}

impl<R: Recorder + Send + Sync + 'static> Sharded<R> {
    /// Wraps `inner`.
    ///
    /// If a recorder is not `Send`, such as metrics-util's `Fanout`, pass a `&'static` of it:
    /// `Sharded::new(&*Box::leak(Box::new(fanout)))`.
    #[must_use]
    pub fn new(inner: R) -> Self {
        let shared = Shared { inner, counters: Counters::new() };
        Self { shared: Arc::new(shared) }
    }

    /// Returns a handle that hands the counts on. Take it before you install the recorder.
    #[must_use]
    pub fn flush_handle(&self) -> FlushHandle {
        FlushHandle { recorder: self.shared.clone() }
    }
}

impl<R: Recorder> Shared<R> {
    /// Returns the key's counter. A new one is also registered in the inner recorder, which then
    /// shows it as 0 before the first flush.
    fn counter(&self, key: &Key, metadata: &Metadata<'_>) -> Arc<KeyCounter> {
        self.counters.find(key).unwrap_or_else(|| {
            let _ = self.inner.register_counter(key, metadata);
            self.counters.find_or_make(key, metadata)
        })
    }
}

impl<R: Recorder + Send + Sync> Flush for Shared<R> {
    fn flush(&self) {
        // The inner recorder is called without the lock: it may count as well.
        let mut panicked = None;
        for counter in self.counters.all() {
            let hand_on = AssertUnwindSafe(|| counter.hand_on(&self.inner));
            // A panic for one counter must not keep the recorder from getting the others.
            if let Err(panic) = catch_unwind(hand_on) {
                panicked.get_or_insert(panic);
            }
        }
        self.counters.forget();
        if let Some(panic) = panicked {
            resume_unwind(panic);
        }
    }
}

impl<R: Recorder> Recorder for Sharded<R> {
    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        let counters = &self.shared.counters;
        let new = || counters.new_handle(self.shared.counter(key, metadata));
        Counter::from_arc(counters.handle(key).unwrap_or_else(new))
    }

    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.shared.inner.describe_counter(key, unit, description);
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.shared.inner.describe_gauge(key, unit, description);
    }

    fn describe_histogram(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.shared.inner.describe_histogram(key, unit, description);
    }

    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        self.shared.inner.register_gauge(key, metadata)
    }

    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        self.shared.inner.register_histogram(key, metadata)
    }
}

impl<R: fmt::Debug> fmt::Debug for Sharded<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sharded").field("inner", &self.shared.inner).finish_non_exhaustive()
    }
}
