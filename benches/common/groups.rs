//! The questions, each a function over any counter.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion};
use hotcount::Counter;

use super::runner::{WARM_UP, thread_counts, time, time_increments};

/// What does an increment cost, with 1 to 32 threads adding to one counter at once?
pub(crate) fn add<C: Counter>(criterion: &mut Criterion, name: &str, new: impl Fn() -> C) {
    let mut group = criterion.benchmark_group("add");
    for threads in thread_counts() {
        let counter = new();
        group.bench_function(BenchmarkId::new(name, threads), |bencher| {
            bencher.iter_custom(|iterations| time_increments(&counter, threads, iterations));
        });
    }
}

/// What does a read cost, after 1 to 1,000 threads have counted at once?
///
/// Each thread counts so often that a `ShardedCounter` takes a column.
///
/// The threads stay until their number was measured. Each number is larger than the one before,
/// because the rows of a `ShardedCounter` stay for good; so this wants a process of its own.
pub(crate) fn get<C: Counter>(criterion: &mut Criterion, name: &str, new: impl Fn() -> C) {
    const EACH: u64 = 100;
    let mut group = criterion.benchmark_group("get");
    let counter = new();
    let mut expected = counter.get();
    for threads in [1, 2, 8, 32, 100, 300, 1_000] {
        let barrier = Barrier::new(threads + 1);
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    (0..EACH).for_each(|_| counter.increment());
                    barrier.wait(); // all have counted
                    barrier.wait(); // the reads are done
                });
            }
            barrier.wait();
            expected += threads as u64 * EACH;
            group.bench_function(BenchmarkId::new(name, threads), |bencher| {
                bencher.iter(|| black_box(&counter).get());
            });
            barrier.wait();
        });
        assert_eq!(counter.get(), expected, "the counter lost or doubled an increment");
    }
}

/// From which share of reads on does sharding no longer pay? Eight threads read and add.
pub(crate) fn mixed<C: Counter>(criterion: &mut Criterion, name: &str, new: impl Fn() -> C) {
    const THREADS: usize = 8;
    // 37 has no factor in common with 100, so the reads stand evenly among the additions.
    let is_read = |i: u64, percent| i * 37 % 100 < percent;
    let mut group = criterion.benchmark_group("mixed");
    for percent in [0, 1, 5, 10, 25, 50, 75, 90, 99] {
        let counter = new();
        let work = |iterations| {
            for i in 0..iterations {
                if is_read(i, percent) {
                    black_box(counter.get());
                } else {
                    counter.increment();
                }
            }
        };
        let added = |n| (0..n).filter(|&i| !is_read(i, percent)).count() as u64;
        group.bench_function(BenchmarkId::new(name, percent), |bencher| {
            bencher.iter_custom(|iterations| {
                let before = counter.get();
                let time = time(THREADS, iterations, work);
                let total = THREADS as u64 * (added(WARM_UP) + added(iterations));
                assert_eq!(counter.get(), before + total);
                time
            });
        });
    }
}

/// What do threads cost that come and go? `churn`: a thread is born, adds once and is gone.
/// `first_add`: the first addition of a new thread alone, to a counter that is in use.
pub(crate) fn new_threads<C: Counter>(criterion: &mut Criterion, name: &str, new: impl Fn() -> C) {
    let counter = new();
    counter.increment();
    let timed = |work: &dyn Fn()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    let first_add = || {
        let add = || timed(&|| counter.increment());
        thread::scope(|scope| scope.spawn(add).join().expect("it counts"))
    };
    let churn = || {
        timed(&|| {
            first_add();
        })
    };
    let mut measure = |group: &str, one: &dyn Fn() -> Duration| {
        criterion.benchmark_group(group).bench_function(name, |bencher| {
            bencher.iter_custom(|iterations| {
                let before = counter.get();
                let time = (0..iterations).map(|_| one()).sum();
                assert_eq!(counter.get(), before + iterations);
                time
            });
        });
    };
    measure("churn", &churn);
    measure("first_add", &first_add);
}

/// What does an increment cost when one thread goes round 1, 100 or 10,000 counters?
pub(crate) fn many<C: Counter>(criterion: &mut Criterion, name: &str, new: impl Fn() -> C) {
    let mut group = criterion.benchmark_group("many");
    for count in [1, 100, 10_000] {
        let counters: Vec<_> = (0..count).map(|_| new()).collect();
        counters.iter().for_each(Counter::increment);
        let mut added = count;
        group.bench_function(BenchmarkId::new(name, count), |bencher| {
            let mut round = counters.iter().cycle();
            bencher.iter(|| {
                round.next().expect("it is a cycle").increment();
                added += 1;
            });
        });
        assert_eq!(counters.iter().map(Counter::get).sum::<u64>(), added);
    }
}
