//! Other crates' maps and label families under the questions of `benches/keyed`.
#![allow(missing_docs, clippy::cast_possible_truncation)]

#[path = "../../common/mod.rs"]
mod common;
#[path = "../../keyed/questions.rs"]
#[allow(dead_code)] // some are only asked of hotcount
mod questions;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use criterion::{Criterion, criterion_group, criterion_main};
use opentelemetry::KeyValue;
use opentelemetry::metrics::{BoundCounter, Counter, MeterProvider};
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
use opentelemetry_sdk::metrics::{
    InMemoryMetricExporter, PeriodicReader, SdkMeterProvider, Stream,
};
use prometheus::{IntCounterVec, Opts};
use prometheus_client::metrics::counter::Counter as PrometheusCounter;
use prometheus_client::metrics::family::Family;
use questions::{KEYS, Keyed, increments};

/// The limit: a map that only its thread can read.
struct ThreadLocalHashMap;

thread_local! {
    static COUNTS: RefCell<HashMap<u64, u64, foldhash::fast::RandomState>> = RefCell::default();
}

impl Keyed for ThreadLocalHashMap {
    fn increment(&self, key: u64) {
        COUNTS.with_borrow_mut(|counts| *counts.entry(key).or_default() += 1);
    }
    fn total(&self) -> Option<u64> {
        None
    }
}

impl Keyed for papaya::HashMap<u64, AtomicU64> {
    fn increment(&self, key: u64) {
        self.pin().get_or_insert_with(key, AtomicU64::default).fetch_add(1, Relaxed);
    }
    fn total(&self) -> Option<u64> {
        Some(self.pin().values().map(|count| count.load(Relaxed)).sum())
    }
}

impl Keyed for scc::HashMap<u64, u64> {
    fn increment(&self, key: u64) {
        *self.entry_sync(key).or_default() += 1;
    }
    fn total(&self) -> Option<u64> {
        let mut total = 0;
        self.iter_sync(|_, count| {
            total += count;
            true
        });
        Some(total)
    }
}

impl Keyed for Family<u64, PrometheusCounter> {
    fn increment(&self, key: u64) {
        self.get_or_create(&key).inc();
    }
    fn total(&self) -> Option<u64> {
        Some((0..KEYS).map(|key| self.get_or_create(&key).get()).sum())
    }
}

/// The keys as the label values that these crates want, made before the clock starts.
static NAMES: LazyLock<Vec<String>> =
    LazyLock::new(|| (0..KEYS).map(|key| key.to_string()).collect());

impl Keyed for IntCounterVec {
    fn increment(&self, key: u64) {
        self.with_label_values(&[&NAMES[key as usize]]).inc();
    }
    fn total(&self) -> Option<u64> {
        Some(NAMES.iter().map(|name| self.with_label_values(&[name]).get()).sum())
    }
}

fn counter_vec() -> IntCounterVec {
    IntCounterVec::new(Opts::new("requests", "by key"), &["key"]).expect("valid names")
}

/// An OpenTelemetry counter with an attribute, or with a bound one for each key.
struct OpenTelemetry {
    provider: SdkMeterProvider,
    exporter: InMemoryMetricExporter,
    counter: Counter<u64>,
    attributes: Vec<[KeyValue; 1]>,
    bound: Vec<BoundCounter<u64>>,
}

impl OpenTelemetry {
    fn new(is_bound: bool) -> Self {
        let exporter = InMemoryMetricExporter::default();
        let reader = PeriodicReader::builder(exporter.clone()).build();
        // Without this, keys beyond 2,000 are counted together.
        let limit = |_: &_| Stream::builder().with_cardinality_limit(20_000).build().ok();
        let provider = SdkMeterProvider::builder().with_reader(reader).with_view(limit).build();
        let counter = provider.meter("bench").u64_counter("requests").build();
        let attributes: Vec<_> =
            NAMES.iter().map(|name| [KeyValue::new("key", name.as_str())]).collect();
        let bound = if is_bound {
            attributes.iter().map(|attributes| counter.bind(attributes)).collect()
        } else {
            Vec::new()
        };
        Self { provider, exporter, counter, attributes, bound }
    }
}

impl Keyed for OpenTelemetry {
    fn increment(&self, key: u64) {
        match self.bound.get(key as usize) {
            Some(bound) => bound.add(1),
            None => self.counter.add(1, &self.attributes[key as usize]),
        }
    }
    fn total(&self) -> Option<u64> {
        self.exporter.reset();
        self.provider.force_flush().expect("it exports");
        let exported = self.exporter.get_finished_metrics().expect("it exported");
        let metric = exported.last()?.scope_metrics().next()?.metrics().next()?;
        match metric.data() {
            AggregatedMetrics::U64(MetricData::Sum(sum)) => {
                Some(sum.data_points().map(|point| point.value()).sum())
            }
            _ => None,
        }
    }
}

fn all(criterion: &mut Criterion) {
    increments(criterion, "a thread's own HashMap", || ThreadLocalHashMap);
    increments(criterion, "papaya", papaya::HashMap::<u64, AtomicU64>::new);
    increments(criterion, "scc", scc::HashMap::<u64, u64>::new);
    increments(criterion, "prometheus-client Family", Family::<u64, PrometheusCounter>::default);
    increments(criterion, "prometheus CounterVec", counter_vec);
    increments(criterion, "opentelemetry", || OpenTelemetry::new(false));
    increments(criterion, "opentelemetry, bound", || OpenTelemetry::new(true));
}

criterion_group! { name = benches; config = common::criterion(); targets = all }
criterion_main!(benches);
