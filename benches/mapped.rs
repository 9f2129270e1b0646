//! What an increment in a file costs, beside one in memory.
//!
//! Run it: `cargo bench --features mapped --bench mapped`
//!
//! Time per increment is wall time / all increments. Threads start outside the clock, and the total
//! is checked.
#![allow(missing_docs)]

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering::Acquire, Ordering::Release};
use std::thread;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use hotcount::{Counter, mapped::CounterFile};

/// Increments in one round of a thread.
const ROUND: u64 = 10_000;

/// The time that `threads` take for `rounds` rounds each.
fn time(threads: u64, rounds: u64, increment: &(impl Fn() + Sync)) -> Duration {
    let gate = Barrier::new(usize::try_from(threads).expect("few threads") + 1);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                gate.wait();
                for _ in 0..rounds * ROUND {
                    increment();
                }
                gate.wait();
            });
        }
        gate.wait();
        let start = Instant::now();
        gate.wait();
        start.elapsed()
    })
}

fn add(criterion: &mut Criterion) {
    let directory = tempfile::tempdir().expect("a directory");
    let file = CounterFile::open(directory.path().join("bench.counters")).expect("it is created");
    let mut group = criterion.benchmark_group("add");
    for threads in [1, 2, 8] {
        group.throughput(Throughput::Elements(threads * ROUND));
        let word = AtomicU64::new(0);
        let mut expected = 0;
        group.bench_function(BenchmarkId::new("AtomicU64", threads), |bencher| {
            bencher.iter_custom(|rounds| {
                expected += threads * rounds * ROUND;
                let time = time(threads, rounds, &|| {
                    word.fetch_add(1, Release);
                });
                assert_eq!(word.load(Acquire), expected);
                time
            });
        });
        let counter = file.counter(&format!("{threads} threads")).expect("there is room");
        let mut expected = 0;
        group.bench_function(BenchmarkId::new("MappedCounter", threads), |bencher| {
            bencher.iter_custom(|rounds| {
                expected += threads * rounds * ROUND;
                let time = time(threads, rounds, &|| counter.increment());
                assert_eq!(counter.get(), expected);
                time
            });
        });
    }
    group.finish();
}

criterion_group!(benches, add);
criterion_main!(benches);
