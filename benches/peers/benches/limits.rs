//! Counting up to a limit: `LimitedCounter`, what people write by hand, and other crates'
//! semaphores, in one run.
#![allow(missing_docs)]

#[path = "../../common/mod.rs"]
mod common;

use std::sync::atomic::{
    AtomicU64,
    Ordering::{AcqRel, Acquire},
};

use common::runner::{thread_counts, time};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use hotcount::{Counter, LimitedCounter, LockedCounter};

/// A limit that is asked for one unit.
trait Limit: Sync {
    /// A limit of `limit`, of which `taken` are out.
    fn new(limit: u64, taken: u64) -> Self;
    /// Takes a unit and gives it back, or is refused.
    fn visit(&self);
    /// The units that are out.
    fn taken(&self) -> u64;
}

impl Limit for LimitedCounter {
    fn new(limit: u64, taken: u64) -> Self {
        let counter = Self::new(limit);
        assert!(counter.try_add(taken));
        counter
    }
    fn visit(&self) {
        if self.try_add(1) {
            self.sub(1);
        }
    }
    fn taken(&self) -> u64 {
        self.get()
    }
}

/// One word and `fetch_update`.
struct OneWord {
    limit: u64,
    count: AtomicU64,
}

impl Limit for OneWord {
    fn new(limit: u64, taken: u64) -> Self {
        Self { limit, count: AtomicU64::new(taken) }
    }
    fn visit(&self) {
        let next = |count| (count < self.limit).then_some(count + 1);
        if self.count.fetch_update(AcqRel, Acquire, next).is_ok() {
            self.count.fetch_sub(1, AcqRel);
        }
    }
    fn taken(&self) -> u64 {
        self.count.load(Acquire)
    }
}

struct Locked {
    limit: u64,
    count: LockedCounter,
}

impl Limit for Locked {
    fn new(limit: u64, taken: u64) -> Self {
        Self { limit, count: LockedCounter::from(taken) }
    }
    fn visit(&self) {
        let granted = self.count.with(|count| {
            let fits = count.get() < self.limit;
            if fits {
                count.add(1);
            }
            fits
        });
        if granted {
            // It only goes up, modulo 2^64: this is how to subtract 1.
            self.count.add(u64::MAX);
        }
    }
    fn taken(&self) -> u64 {
        self.count.get()
    }
}

/// A semaphore, and the permits it had.
struct Semaphore<S> {
    semaphore: S,
    limit: u64,
}

impl Limit for Semaphore<tokio::sync::Semaphore> {
    fn new(limit: u64, taken: u64) -> Self {
        let semaphore = tokio::sync::Semaphore::new((limit - taken) as usize);
        Self { semaphore, limit }
    }
    fn visit(&self) {
        drop(self.semaphore.try_acquire());
    }
    fn taken(&self) -> u64 {
        self.limit - self.semaphore.available_permits() as u64
    }
}

impl Limit for Semaphore<async_lock::Semaphore> {
    fn new(limit: u64, taken: u64) -> Self {
        let semaphore = async_lock::Semaphore::new((limit - taken) as usize);
        Self { semaphore, limit }
    }
    fn visit(&self) {
        drop(self.semaphore.try_acquire());
    }
    fn taken(&self) -> u64 {
        let mut free = Vec::new();
        while let Some(permit) = self.semaphore.try_acquire() {
            free.push(permit);
            // Far from the limit it suffices to see that they are not few.
            if free.len() == 1_000 {
                return 0;
            }
        }
        self.limit - free.len() as u64
    }
}

/// What does it cost to take one and give it back, far from the limit, at it, and when all are out?
fn limit<L: Limit>(criterion: &mut Criterion, name: &str) {
    for (question, limit, taken) in
        [("limit_far", 1 << 40, 0), ("limit_1", 1, 0), ("limit_full", 100, 100)]
    {
        let mut group = criterion.benchmark_group(question);
        for threads in thread_counts() {
            let subject = L::new(limit, taken);
            group.bench_function(BenchmarkId::new(name, threads), |bencher| {
                bencher.iter_custom(|iterations| {
                    let time = time(threads, iterations, |n| (0..n).for_each(|_| subject.visit()));
                    assert_eq!(subject.taken(), taken, "a unit is lost or doubled");
                    time
                });
            });
        }
    }
}

fn all(criterion: &mut Criterion) {
    limit::<LimitedCounter>(criterion, "LimitedCounter");
    limit::<OneWord>(criterion, "AtomicU64, fetch_update");
    limit::<Locked>(criterion, "LockedCounter");
    limit::<Semaphore<tokio::sync::Semaphore>>(criterion, "tokio Semaphore");
    limit::<Semaphore<async_lock::Semaphore>>(criterion, "async-lock Semaphore");
}

criterion_group! { name = benches; config = common::criterion(); targets = all }
criterion_main!(benches);
