//! Other crates' counters under the runner and the questions of hotcount's own benches, beside
//! what hotcount puts in their place.
#![allow(missing_docs)]

#[path = "../../common/mod.rs"]
mod common;
mod counters;

use std::hint::black_box;

use common::groups::{add, get, new_threads};
use common::runner::{thread_counts, time};
use counters::{
    AtomicCounterCrate, FastCounter, Hytra, OpenTelemetry, PrometheusClient, ShardedMetric, facade,
};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use hotcount::metrics::Sharded;
use hotcount::{AtomicCounter, ShardedCounter};
use metrics_exporter_prometheus::PrometheusBuilder;

fn additions(criterion: &mut Criterion) {
    add(criterion, "ShardedCounter", ShardedCounter::new);
    add(criterion, "AtomicCounter", AtomicCounter::new);
    add(criterion, "contatori", counters::Contatori::default);
    add(criterion, "fast-counter", FastCounter::default);
    add(criterion, "hytra", Hytra::default);
    add(criterion, "atomic-counter", AtomicCounterCrate::default);
    add(criterion, "prometheus", counters::Prometheus::default);
    add(criterion, "prometheus, CounterMetric", counters::PrometheusMetric::default);
    add(criterion, "opentelemetry", OpenTelemetry::default);
    add(criterion, "prometheus-client", PrometheusClient::default);
    add(criterion, "prometheus-client, CounterMetric", ShardedMetric::default);
    let plain = || {
        let recorder = PrometheusBuilder::new().build_recorder();
        let exporter = recorder.handle();
        facade::Recorded::new(recorder, exporter, || ())
    };
    let sharded = || {
        let recorder = PrometheusBuilder::new().build_recorder();
        let exporter = recorder.handle();
        let sharded = Sharded::new(recorder);
        let flush = sharded.flush_handle();
        facade::Recorded::new(sharded, exporter, move || flush.flush())
    };
    add(criterion, "metrics, handle", || facade::Handle::new(plain()));
    add(criterion, "metrics, handle, Sharded", || facade::Handle::new(sharded()));
    facade::add_by_macro(criterion, "metrics, counter!", plain);
    facade::add_by_macro(criterion, "metrics, counter!, Sharded", sharded);
}

/// An id source, not a counter: it has no total that could be asserted.
fn ids(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("add");
    for threads in thread_counts() {
        group.bench_function(BenchmarkId::new("sharded-counter, ids", threads), |bencher| {
            bencher.iter_custom(|iterations| {
                let pool = sharded_counter::CounterPool::with_shard_amount(threads);
                time(threads, iterations, |n| {
                    let mut ids = pool.counter();
                    (0..n).for_each(|_| {
                        black_box(ids.next());
                    });
                })
            });
        });
    }
}

fn reads(criterion: &mut Criterion) {
    get(criterion, "contatori", counters::Contatori::default);
    get(criterion, "fast-counter", FastCounter::default);
    get(criterion, "hytra", Hytra::default);
}

fn threads(criterion: &mut Criterion) {
    new_threads(criterion, "contatori", counters::Contatori::default);
    new_threads(criterion, "fast-counter", FastCounter::default);
}

criterion_group! {
    name = benches;
    config = common::criterion();
    targets = additions, ids, reads, threads
}
criterion_main!(benches);
