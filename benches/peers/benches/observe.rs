//! What does an observation cost in a histogram of 12 buckets, with 1 to 32 threads at once? Of other
//! crates beside hotcount's.
#![allow(missing_docs, clippy::cast_precision_loss)]

#[path = "../../common/mod.rs"]
mod common;

use common::runner::{WARM_UP, thread_counts, time};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use hotcount::Histogram;
use metrics::with_local_recorder;
use metrics_exporter_prometheus::PrometheusBuilder;
use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use parking_lot::Mutex;

const BOUNDS: [f64; 11] = Histogram::DEFAULT_BOUNDS;

/// Latencies from 1 ms to 20 s, each bucket about as often, in no order that a processor predicts.
fn values() -> Vec<f64> {
    (0..4_096_u32)
        .map(|i| 0.001 * 20_000_f64.powf(f64::from(i * 1_237 % 4_096) / 4_096.0))
        .collect()
}

/// Measures `observe`, made anew for each thread, and asserts that `count` counted everything.
fn observe<O: FnMut(f64)>(
    criterion: &mut Criterion,
    name: &str,
    observer: impl Fn() -> O + Sync,
    count: impl Fn() -> u64,
) {
    let values = values();
    let mut group = criterion.benchmark_group("observe");
    for threads in thread_counts() {
        group.bench_function(BenchmarkId::new(name, threads), |bencher| {
            bencher.iter_custom(|iterations| {
                let before = count();
                let time = time(threads, iterations, |n| {
                    let mut observe = observer();
                    values.iter().cycle().take(n as usize).for_each(|&value| observe(value));
                });
                assert_eq!(count(), before + threads as u64 * (WARM_UP + iterations));
                time
            });
        });
    }
}

fn ours(criterion: &mut Criterion) {
    let histogram = Histogram::default();
    observe(
        criterion,
        "Histogram",
        || |value| histogram.observe(value),
        || histogram.snapshot().count(),
    );
}

/// The buckets and the sum behind a lock.
fn locked(criterion: &mut Criterion) {
    let histogram = Mutex::new(([0; BOUNDS.len() + 1], 0.0));
    let observe_locked = |value| {
        let bucket = BOUNDS.partition_point(|&bound| bound < value);
        let mut histogram = histogram.lock();
        histogram.0[bucket] += 1;
        histogram.1 += value;
    };
    observe(criterion, "parking_lot Mutex", || observe_locked, || histogram.lock().0.iter().sum());
}

fn prometheus_client(criterion: &mut Criterion) {
    use prometheus_client::metrics::histogram::Histogram;
    use prometheus_client::registry::Registry;
    let histogram = Histogram::new(BOUNDS);
    let mut registry = Registry::default();
    registry.register("latency", "Time to the answer", histogram.clone());
    let count = || {
        let mut page = String::new();
        prometheus_client::encoding::text::encode(&mut page, &registry).expect("it is text");
        count_on(&page)
    };
    observe(criterion, "prometheus-client", || |value| histogram.observe(value), count);
}

fn prometheus(criterion: &mut Criterion) {
    let options = prometheus::HistogramOpts::new("latency", "Time to the answer");
    let histogram = prometheus::Histogram::with_opts(options.buckets(BOUNDS.to_vec()));
    let histogram = histogram.expect("a good name");
    let count = || histogram.get_sample_count();
    observe(criterion, "prometheus", || |value| histogram.observe(value), count);
}

fn opentelemetry(criterion: &mut Criterion) {
    let exporter = InMemoryMetricExporter::default();
    let reader = PeriodicReader::builder(exporter.clone()).build();
    let provider = SdkMeterProvider::builder().with_reader(reader).build();
    let meter = provider.meter("benches");
    let histogram = meter.f64_histogram("latency").with_boundaries(BOUNDS.to_vec()).build();
    let count = || {
        exporter.reset();
        provider.force_flush().expect("it collects");
        let collected = exporter.get_finished_metrics().expect("it collected");
        let metrics = collected.iter().flat_map(|resource| resource.scope_metrics());
        let mut counts =
            metrics.flat_map(|scope| scope.metrics()).map(|metric| match metric.data() {
                AggregatedMetrics::F64(MetricData::Histogram(histogram)) => {
                    histogram.data_points().map(|point| point.count()).sum()
                }
                _ => 0,
            });
        counts.next().unwrap_or(0)
    };
    observe(criterion, "opentelemetry", || |value| histogram.record(value, &[]), count);
}

fn metrics(criterion: &mut Criterion) {
    let builder = PrometheusBuilder::new().set_buckets(&BOUNDS).expect("they are bounds");
    let recorder = builder.build_recorder();
    let exporter = recorder.handle();
    let histogram = with_local_recorder(&recorder, || metrics::histogram!("latency"));
    let count = || count_on(&exporter.render());
    observe(criterion, "metrics, handle", || |value| histogram.record(value), count);
}

/// Each thread has a recorder of its own, and its buckets are not chosen: three digits are kept.
fn hdrhistogram(criterion: &mut Criterion) {
    let histogram = hdrhistogram::Histogram::<u64>::new_with_bounds(1, 60_000_000, 3);
    let histogram = Mutex::new(histogram.expect("the bounds ascend").into_sync());
    let observer = || {
        let mut recorder = histogram.lock().recorder();
        move |value: f64| recorder.record((value * 1e6) as u64).expect("it is in the bounds")
    };
    let count = || {
        let mut histogram = histogram.lock();
        histogram.refresh();
        histogram.len()
    };
    observe(criterion, "hdrhistogram, recorder", observer, count);
}

/// The count that a page shows.
fn count_on(page: &str) -> u64 {
    let line = page.lines().find_map(|line| line.strip_prefix("latency_count "));
    line.map_or(0, |value| value.parse().expect("a whole number"))
}

criterion_group! {
    name = benches;
    config = common::criterion();
    targets = ours, locked, prometheus_client, prometheus, opentelemetry, metrics, hdrhistogram
}
criterion_main!(benches);
