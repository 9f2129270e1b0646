//! What `Sharded` adds to the memory of the exporter inside it.
#![allow(missing_docs)]

#[path = "../benches/common/allocated.rs"]
mod allocated;

use std::sync::{Barrier, Mutex};
use std::thread;

use allocated::allocated;
use hotcount::metrics::Sharded;
use metrics::{NoopRecorder, Recorder, counter, with_local_recorder};
use metrics_exporter_prometheus::PrometheusBuilder;

/// One test at a time, or they would measure each other.
static ONE_TEST: Mutex<()> = Mutex::new(());

/// Counts once under each label in each of `threads`, and returns the memory that is then in use by
/// all that is still there, the threads among it.
fn after_counting(
    recorder: &(dyn Recorder + Sync),
    labels: u32,
    threads: usize,
    flush: impl Fn(),
) -> usize {
    let before = allocated();
    let counted = Barrier::new(threads + 1);
    let measured = Barrier::new(threads + 1);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                with_local_recorder(recorder, || {
                    for label in 0..labels {
                        counter!("requests_total", "user" => label.to_string()).increment(1);
                    }
                });
                counted.wait();
                measured.wait();
            });
        }
        counted.wait();
        flush();
        let used = allocated() - before;
        measured.wait();
        used
    })
}

#[test]
fn many_labels_in_many_threads_take_less_than_twice_the_memory_of_the_plain_exporter() {
    let _one_test = ONE_TEST.lock();
    let (labels, threads) = (100_000, 8);
    let plain = PrometheusBuilder::new().build_recorder();
    let without_us = after_counting(&plain, labels, threads, || ());
    drop(plain);
    let sharded = Sharded::new(PrometheusBuilder::new().build_recorder());
    let flush = sharded.flush_handle();
    let with_us = after_counting(&sharded, labels, threads, || flush.flush());
    assert!(with_us <= 2 * without_us, "{with_us} bytes, without us {without_us}");
}

/// Two threads count under fresh labels, and end.
fn count_fresh_labels(sharded: &Sharded<NoopRecorder>, round: u32) {
    let count = || {
        with_local_recorder(sharded, || {
            for label in 0..10_000 {
                let user = format!("{round} {label}");
                counter!("requests_total", "user" => user).increment(1);
            }
        });
    };
    // Joined: a thread lets go of its handles when it has ended, not when the scope has.
    thread::scope(|scope| {
        let threads = [(); 2].map(|()| scope.spawn(count));
        threads.into_iter().for_each(|thread| thread.join().expect("it counts"));
    });
}

#[test]
fn memory_is_flat_over_rounds_of_fresh_labels() {
    let _one_test = ONE_TEST.lock();
    let sharded = Sharded::new(NoopRecorder);
    let flush = sharded.flush_handle();
    let rounds = [0, 1, 2, 3, 4, 5, 6, 7].map(|round| {
        count_fresh_labels(&sharded, round);
        (0..3).for_each(|_| flush.flush());
        allocated()
    });
    let (first, last) = (rounds[1], rounds[7]);
    assert!(last <= first + first / 10, "{rounds:?}");
}

#[test]
fn recorders_that_are_gone_leave_nothing_in_the_thread() {
    let _one_test = ONE_TEST.lock();
    let use_one = || {
        let sharded = Sharded::new(PrometheusBuilder::new().build_recorder());
        with_local_recorder(&sharded, || counter!("hits_total").increment(1));
        sharded.flush_handle().flush();
    };
    (0..10).for_each(|_| use_one());
    let before = allocated();
    (0..1_000).for_each(|_| use_one());
    let grown = allocated().saturating_sub(before);
    assert!(grown < 10_000, "{grown} bytes");
}
