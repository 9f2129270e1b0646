//! The `metrics` facade over the Prometheus exporter, plain or with hotcount's recorder around it.

use criterion::{BenchmarkId, Criterion};
use hotcount::Counter;
use metrics::{Recorder, counter, with_local_recorder};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::common::runner::{WARM_UP, thread_counts, time};

/// A recorder, and the total of `hits` as the exporter shows it.
pub struct Recorded {
    recorder: Box<dyn Recorder + Send + Sync>,
    exporter: PrometheusHandle,
    flush: Box<dyn Fn() + Send + Sync>,
}

impl Recorded {
    pub fn new(
        recorder: impl Recorder + Send + Sync + 'static,
        exporter: PrometheusHandle,
        flush: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self { recorder: Box::new(recorder), exporter, flush: Box::new(flush) }
    }

    fn total(&self) -> u64 {
        (self.flush)();
        let page = self.exporter.render();
        let line = page.lines().find_map(|line| line.strip_prefix("hits "));
        line.map_or(0, |value| value.parse().expect("a whole number"))
    }
}

/// A handle that is asked for once and kept.
pub struct Handle {
    recorded: Recorded,
    counter: metrics::Counter,
}

impl Handle {
    pub fn new(recorded: Recorded) -> Self {
        let counter = with_local_recorder(&recorded.recorder, || counter!("hits"));
        Self { recorded, counter }
    }
}

impl Counter for Handle {
    #[inline]
    fn add(&self, n: u64) {
        self.counter.increment(n);
    }
    fn get(&self) -> u64 {
        self.recorded.total()
    }
}

/// The macro at every increment, as most programs have it.
pub fn add_by_macro(criterion: &mut Criterion, name: &str, new: impl Fn() -> Recorded) {
    let mut group = criterion.benchmark_group("add");
    for threads in thread_counts() {
        let recorded = new();
        group.bench_function(BenchmarkId::new(name, threads), |bencher| {
            bencher.iter_custom(|iterations| {
                let before = recorded.total();
                let time = time(threads, iterations, |n| {
                    with_local_recorder(&recorded.recorder, || {
                        (0..n).for_each(|_| counter!("hits").increment(1));
                    });
                });
                let added = threads as u64 * (WARM_UP + iterations);
                assert_eq!(recorded.total(), before + added);
                time
            });
        });
    }
}
