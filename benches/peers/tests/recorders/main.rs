//! `Sharded` around every recorder that hands counts on, each beside the same recorder without it.
#![allow(missing_docs)]

mod backend;
mod debugging;
mod dogstatsd;
mod exporter_prometheus;
mod metrics_prometheus;
mod opentelemetry;
mod statsd;

use std::thread;

use backend::{Backend, BoxedRecorder};
use hotcount::metrics::Sharded;
use metrics::{Recorder, counter, describe_counter, with_local_recorder};

/// What is counted between two flushes. The sums are 100, 150 and 157.
const STEPS: [u64; 3] = [100, 50, 7];
const TOTAL: u64 = 157;

/// Two threads count a step, one by a kept handle and one by the macro; then `after_step` runs.
fn count(recorder: &(dyn Recorder + Sync), after_step: impl Fn()) {
    with_local_recorder(recorder, || describe_counter!("hits_total", "Pages served"));
    for step in STEPS {
        thread::scope(|scope| {
            scope.spawn(|| {
                with_local_recorder(recorder, || {
                    let hits = counter!("hits_total", "path" => "/");
                    (0..step / 2).for_each(|_| hits.increment(1));
                });
            });
            scope.spawn(|| {
                with_local_recorder(recorder, || {
                    for _ in step / 2..step {
                        counter!("hits_total", "path" => "/").increment(1);
                    }
                });
            });
        });
        after_step();
    }
}

/// The same rises by `absolute`.
fn raise(recorder: &(dyn Recorder + Sync), after_step: impl Fn()) {
    let mut total = 0;
    for step in STEPS {
        total += step;
        with_local_recorder(recorder, || {
            let hits = counter!("hits_total", "path" => "/");
            hits.absolute(total);
            hits.absolute(total);
        });
        after_step();
    }
}

fn sharded(recorder: BoxedRecorder, collect: impl Fn()) {
    let sharded = Sharded::new(recorder);
    let flush = sharded.flush_handle();
    count(&sharded, || {
        flush.flush();
        collect();
    });
    flush.flush();
    collect();
}

fn totals_are_exact_behind<B: Backend>() {
    let (recorder, plain) = B::start();
    count(&recorder, || plain.collect());
    assert_eq!(plain.total(), TOTAL, "without us");

    let (recorder, backend) = B::start();
    sharded(recorder, || backend.collect());
    assert_eq!(backend.total(), TOTAL);

    let (recorder, backend) = B::start();
    let wrapped = Sharded::new(recorder);
    let flush = wrapped.flush_handle();
    raise(&wrapped, || {
        flush.flush();
        backend.collect();
    });
    assert_eq!(backend.total(), TOTAL, "raised by absolute");
}

#[test]
fn totals_are_exact_behind_metrics_exporter_prometheus() {
    totals_are_exact_behind::<exporter_prometheus::Page>();
}

#[test]
fn totals_are_exact_behind_metrics_exporter_statsd() {
    totals_are_exact_behind::<statsd::Lines>();
}

#[test]
fn totals_are_exact_behind_metrics_exporter_dogstatsd() {
    totals_are_exact_behind::<dogstatsd::Agent>();
}

#[test]
fn totals_are_exact_behind_metrics_util_debugging_recorder() {
    totals_are_exact_behind::<debugging::Snapshots>();
}

#[test]
fn totals_are_exact_behind_metrics_exporter_opentelemetry() {
    totals_are_exact_behind::<opentelemetry::Exports>();
}

#[test]
fn totals_are_exact_behind_metrics_prometheus() {
    totals_are_exact_behind::<metrics_prometheus::Gathered>();
}
