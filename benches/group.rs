//! What does an addition to counts that are read together cost, for 2, 4 and 16 counts and 1 to 32
//! threads? And how long does a read of them take beside threads that add without a pause?
#![allow(missing_docs, clippy::cast_precision_loss)]

mod common;

use std::array;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::Instant;

use common::record::{self, Figures};
use common::runner::{WARM_UP, thread_counts, time};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use hotcount::CounterGroup;
use parking_lot::Mutex;

/// `N` counts that one operation adds to.
trait Counts<const N: usize>: Sync {
    fn new() -> Self;
    fn add(&self, counts: [u64; N]);
    fn get(&self) -> [u64; N];
}

impl<const N: usize> Counts<N> for CounterGroup<N> {
    fn new() -> Self {
        Self::new()
    }

    fn add(&self, counts: [u64; N]) {
        self.add(counts);
    }

    fn get(&self) -> [u64; N] {
        self.get()
    }
}

impl<const N: usize> Counts<N> for Mutex<[u64; N]> {
    fn new() -> Self {
        Self::new([0; N])
    }

    fn add(&self, counts: [u64; N]) {
        let mut sums = self.lock();
        sums.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
    }

    fn get(&self) -> [u64; N] {
        *self.lock()
    }
}

/// Each count for itself: a reader may see an addition in part.
impl<const N: usize> Counts<N> for [AtomicU64; N] {
    fn new() -> Self {
        array::from_fn(|_| AtomicU64::new(0))
    }

    fn add(&self, counts: [u64; N]) {
        self.iter().zip(counts).for_each(|(sum, n)| {
            sum.fetch_add(n, Relaxed);
        });
    }

    fn get(&self) -> [u64; N] {
        self.each_ref().map(|sum| sum.load(Relaxed))
    }
}

fn add<const N: usize, C: Counts<N>>(criterion: &mut Criterion, name: &str) {
    let mut group = criterion.benchmark_group(format!("add_together_{N}"));
    for threads in thread_counts() {
        let counts = C::new();
        group.bench_function(BenchmarkId::new(name, threads), |bencher| {
            bencher.iter_custom(|iterations| {
                let before = counts.get();
                let time = time(threads, iterations, |n| (0..n).for_each(|i| counts.add([i; N])));
                let sum = |n| (0..n).fold(0, u64::wrapping_add);
                let added = (sum(WARM_UP) + sum(iterations)) * threads as u64;
                assert_eq!(counts.get(), before.map(|count| count + added));
                time
            });
        });
    }
}

fn adds<const N: usize>(criterion: &mut Criterion) {
    add::<N, CounterGroup<N>>(criterion, "CounterGroup");
    add::<N, Mutex<[u64; N]>>(criterion, "parking_lot Mutex");
    add::<N, [AtomicU64; N]>(criterion, "AtomicU64 each");
}

/// Records the distribution of the time for a read: criterion has no tails.
fn tail<const N: usize, C: Counts<N>>(figures: &mut Figures, name: &str) {
    const READS: usize = 10_000;
    for writers in [1, 2, 8] {
        let (counts, stop) = (C::new(), AtomicBool::new(false));
        thread::scope(|scope| {
            for _ in 0..writers {
                scope.spawn(|| {
                    while !stop.load(Relaxed) {
                        counts.add([1; N]);
                    }
                });
            }
            let read = |_| {
                let start = Instant::now();
                std::hint::black_box(counts.get());
                start.elapsed()
            };
            let mut times: Vec<_> = (0..READS).map(read).collect();
            stop.store(true, Relaxed);
            times.sort_unstable();
            for (place, label) in
                [(READS / 2, "p50"), (READS * 99 / 100, "p99"), (READS - 1, "max")]
            {
                println!("get_together_{N}/{name}/{writers}: {label} {:?}", times[place]);
                let series = figures.entry(format!("{name}, {N} counts: {label}")).or_default();
                series.insert(writers, times[place].as_nanos() as f64);
            }
        });
    }
}

fn all(criterion: &mut Criterion) {
    adds::<2>(criterion);
    adds::<4>(criterion);
    adds::<16>(criterion);
    if record::nothing_is_measured() {
        return;
    }
    let mut figures = Figures::new();
    tail::<2, CounterGroup<2>>(&mut figures, "CounterGroup");
    tail::<2, Mutex<[u64; 2]>>(&mut figures, "parking_lot Mutex");
    tail::<16, CounterGroup<16>>(&mut figures, "CounterGroup");
    tail::<16, Mutex<[u64; 16]>>(&mut figures, "parking_lot Mutex");
    record::figures("get_together", &figures);
}

criterion_group! { name = benches; config = common::criterion(); targets = all }
criterion_main!(benches);
