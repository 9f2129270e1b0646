use std::sync::Arc;
use std::thread;
use std::time::Duration;

use hotcount::metrics::Sharded;
use metrics::{Key, Level, Metadata, Recorder, counter, with_local_recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use metrics_util::MetricKindMask;

use super::spy::{spied, wait_until};

#[test]
fn a_flush_touches_only_what_has_changed() {
    let (spy, sharded) = spied();
    let flush = sharded.flush_handle();
    let [a, b] = ["a", "b"].map(|name| {
        sharded.register_counter(&Key::from_name(name), &Metadata::new("", Level::INFO, None))
    });
    assert_eq!((spy.value("a"), spy.value("b")), (Some(0), Some(0)), "they show as 0");
    a.increment(2);
    spy.calls();
    flush.flush();
    assert_eq!(spy.calls(), ["counter Key(a)  Level(Info) None"]);
    b.increment(3);
    flush.flush();
    assert_eq!(spy.calls(), ["counter Key(b)  Level(Info) None"]);
    flush.flush();
    assert_eq!(spy.calls(), [""; 0]);
    assert_eq!((spy.value("a"), spy.value("b")), (Some(2), Some(3)));
}

#[test]
fn flushes_beside_increments_lose_and_double_nothing() {
    let (spy, sharded) = spied();
    let flush = sharded.flush_handle();
    thread::scope(|scope| {
        let adding = [(); 2].map(|()| {
            scope.spawn(|| {
                with_local_recorder(&sharded, || {
                    let kept = counter!("hits");
                    for _ in 0..50_000 {
                        kept.increment(1);
                        counter!("hits").increment(2);
                    }
                });
            })
        });
        let mut last = 0;
        while !adding.iter().all(thread::ScopedJoinHandle::is_finished) {
            let [one, two] =
                [(); 2].map(|()| flush.clone()).map(|f| scope.spawn(move || f.flush()));
            one.join().unwrap();
            two.join().unwrap();
            let now = spy.value("hits").unwrap_or(0);
            assert!((last..=300_000).contains(&now), "{now} after {last}");
            last = now;
        }
    });
    flush.flush();
    assert_eq!(spy.value("hits"), Some(300_000));
}

/// Counts 7, waits until the exporter has forgotten the counter, counts 1, and returns its line.
fn counts_forgets_counts(
    recorder: &dyn Recorder,
    flush: impl Fn(),
    exporter: &PrometheusHandle,
) -> String {
    let count = |n| with_local_recorder(recorder, || counter!("rare_total").increment(n));
    count(7);
    flush();
    assert!(exporter.render().contains("rare_total 7"));
    for waited in 0.. {
        flush();
        if !exporter.render().contains("rare_total") {
            break;
        }
        assert!(waited < 2_000, "after ten seconds the counter is not idle");
        thread::sleep(Duration::from_millis(5));
    }
    count(1);
    flush();
    exporter.render()
}

#[test]
fn a_counter_that_the_exporter_forgot_shows_what_it_shows_without_us() {
    let exporter = || {
        PrometheusBuilder::new()
            .idle_timeout(MetricKindMask::COUNTER, Some(Duration::from_millis(20)))
            .build_recorder()
    };
    let plain = exporter();
    let without_us = counts_forgets_counts(&plain, || (), &plain.handle());
    let inner = exporter();
    let handle = inner.handle();
    let sharded = Sharded::new(inner);
    let flush = sharded.flush_handle();
    let with_us = counts_forgets_counts(&sharded, || flush.flush(), &handle);
    assert_eq!(with_us, without_us);
    assert!(with_us.contains("rare_total 1\n"), "{with_us}");
}

#[test]
fn a_thread_flushes_every_interval_while_the_recorder_lives() {
    let (spy, sharded) = spied();
    let flush = sharded.flush_handle();
    flush.every(Duration::from_millis(1)).expect("a thread starts");
    with_local_recorder(&sharded, || counter!("hits").increment(4));
    wait_until(|| spy.value("hits") == Some(4));
    with_local_recorder(&sharded, || counter!("hits").increment(3));
    wait_until(|| spy.value("hits") == Some(7));
    let alive = Arc::downgrade(&spy.counters);
    drop((spy, sharded, flush));
    wait_until(|| alive.strong_count() == 0); // the thread may be in its last flush
}
