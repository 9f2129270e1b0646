//! Other crates' counters as `Counter`s.

pub mod facade;

use atomic_counter::AtomicCounter as _;
use contatori::counters::{Observable, unsigned::Unsigned};
use hotcount::{Counter, ShardedCounter, prometheus as ours, prometheus_client::CounterMetric};
use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};

#[derive(Default)]
pub struct Contatori(Unsigned);

impl Counter for Contatori {
    #[inline]
    fn add(&self, n: u64) {
        self.0.add(n as usize);
    }
    fn get(&self) -> u64 {
        self.0.value().as_u64()
    }
}

pub struct FastCounter(fast_counter::ConcurrentCounter);

impl Default for FastCounter {
    fn default() -> Self {
        Self(fast_counter::ConcurrentCounter::new(8))
    }
}

impl Counter for FastCounter {
    #[inline]
    fn add(&self, n: u64) {
        self.0.add(n as isize);
    }
    fn get(&self) -> u64 {
        self.0.sum() as u64
    }
}

pub struct Hytra(hytra::TrAdder<u64>);

impl Default for Hytra {
    fn default() -> Self {
        Self(hytra::TrAdder::new())
    }
}

impl Counter for Hytra {
    #[inline]
    fn add(&self, n: u64) {
        self.0.inc(n);
    }
    fn get(&self) -> u64 {
        self.0.get()
    }
}

pub struct AtomicCounterCrate(atomic_counter::ConsistentCounter);

impl Default for AtomicCounterCrate {
    fn default() -> Self {
        Self(atomic_counter::ConsistentCounter::new(0))
    }
}

impl Counter for AtomicCounterCrate {
    #[inline]
    fn add(&self, n: u64) {
        self.0.add(n as usize);
    }
    fn get(&self) -> u64 {
        self.0.get() as u64
    }
}

pub struct Prometheus(prometheus::IntCounter);

impl Default for Prometheus {
    fn default() -> Self {
        Self(prometheus::IntCounter::new("hits", "Pages served").expect("a good name"))
    }
}

impl Counter for Prometheus {
    #[inline]
    fn add(&self, n: u64) {
        self.0.inc_by(n);
    }
    fn get(&self) -> u64 {
        self.0.get()
    }
}

/// What hotcount puts in the place of the counter above.
pub struct PrometheusMetric(ours::CounterMetric<ShardedCounter>);

impl Default for PrometheusMetric {
    fn default() -> Self {
        let opts = prometheus::Opts::new("hits", "Pages served");
        Self(ours::CounterMetric::new(opts, ShardedCounter::new()).expect("a good name"))
    }
}

impl Counter for PrometheusMetric {
    #[inline]
    fn add(&self, n: u64) {
        self.0.inc_by(n);
    }
    fn get(&self) -> u64 {
        self.0.get()
    }
}

#[derive(Default)]
pub struct PrometheusClient(prometheus_client::metrics::counter::Counter);

impl Counter for PrometheusClient {
    #[inline]
    fn add(&self, n: u64) {
        self.0.inc_by(n);
    }
    fn get(&self) -> u64 {
        self.0.get()
    }
}

/// What hotcount puts in the place of the counter above.
#[derive(Default)]
pub struct ShardedMetric(CounterMetric<ShardedCounter>);

impl Counter for ShardedMetric {
    #[inline]
    fn add(&self, n: u64) {
        self.0.add(n);
    }
    fn get(&self) -> u64 {
        self.0.get()
    }
}

pub struct OpenTelemetry {
    counter: opentelemetry::metrics::Counter<u64>,
    provider: SdkMeterProvider,
    exporter: InMemoryMetricExporter,
}

impl Default for OpenTelemetry {
    fn default() -> Self {
        let exporter = InMemoryMetricExporter::default();
        let reader = PeriodicReader::builder(exporter.clone()).build();
        let provider = SdkMeterProvider::builder().with_reader(reader).build();
        let counter = provider.meter("benches").u64_counter("hits").build();
        Self { counter, provider, exporter }
    }
}

impl Counter for OpenTelemetry {
    #[inline]
    fn add(&self, n: u64) {
        self.counter.add(n, &[]);
    }

    fn get(&self) -> u64 {
        self.exporter.reset();
        self.provider.force_flush().expect("it collects");
        let collected = self.exporter.get_finished_metrics().expect("it collected");
        let metrics = collected.iter().flat_map(|resource| resource.scope_metrics());
        let mut sums =
            metrics.flat_map(|scope| scope.metrics()).map(|metric| match metric.data() {
                AggregatedMetrics::U64(MetricData::Sum(sum)) => {
                    sum.data_points().map(|point| point.value()).sum()
                }
                _ => 0,
            });
        sums.next().unwrap_or(0)
    }
}
