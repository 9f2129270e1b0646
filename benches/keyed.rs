//! What does an increment under a key cost, with 1 to 32 threads at once?
//!
//! - `one_key`: all threads on the same one of 10,000 keys.
//! - `zipf_keys`: 100 keys, the k-th most frequent with a frequency of 1/k.
//! - `all_keys`: 10,000 keys in turn.
//! - `changing_keys`: 10,000 keys, 1 operation in 16 removes a key, 1 in 16,384 visits all keys.
#![allow(missing_docs, clippy::cast_possible_truncation)]

mod common;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use common::runner::{WARM_UP, thread_counts, time};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use dashmap::DashMap;
use hotcount::ShardedCounter;
use hotcount::{AtomicCounter, Counter, keyed::CounterMap};
use parking_lot::Mutex;

const KEYS: u64 = 10_000;

/// Counts under keys.
trait Keyed: Sync {
    fn increment(&self, key: u64);
    /// Takes out what was counted under the key.
    fn remove(&self, key: u64) -> u64;
    /// Visits every key and returns what it took out.
    fn sweep(&self) -> u64;
    fn total(&self) -> u64;
}

impl<C: Counter + Default> Keyed for CounterMap<u64, C> {
    fn increment(&self, key: u64) {
        self.increment(&key);
    }
    fn remove(&self, key: u64) -> u64 {
        self.remove(&key).map_or(0, |counter| counter.get())
    }
    fn sweep(&self) -> u64 {
        self.sweep().into_iter().map(|(_, counter)| counter.get()).sum()
    }
    fn total(&self) -> u64 {
        let mut total = 0;
        self.for_each(|_, counter| total += counter.get());
        total
    }
}

impl Keyed for DashMap<u64, u64> {
    fn increment(&self, key: u64) {
        *self.entry(key).or_default() += 1;
    }
    fn remove(&self, key: u64) -> u64 {
        self.remove(&key).map_or(0, |(_, count)| count)
    }
    fn sweep(&self) -> u64 {
        self.retain(|_, _| true);
        0
    }
    fn total(&self) -> u64 {
        self.iter().map(|entry| *entry.value()).sum()
    }
}

impl Keyed for Mutex<HashMap<u64, u64>> {
    fn increment(&self, key: u64) {
        *self.lock().entry(key).or_default() += 1;
    }
    fn remove(&self, key: u64) -> u64 {
        self.lock().remove(&key).unwrap_or(0)
    }
    fn sweep(&self) -> u64 {
        self.lock().retain(|_, _| true);
        0
    }
    fn total(&self) -> u64 {
        self.lock().values().sum()
    }
}

fn keyed<M: Keyed>(criterion: &mut Criterion, name: &str, new: impl Fn() -> M) {
    let zipf = zipf();
    increments(criterion, "one_key", name, &new, |_| 4_711);
    increments(criterion, "zipf_keys", name, &new, |i| zipf[i as usize % zipf.len()]);
    increments(criterion, "all_keys", name, &new, in_turn);
    changes(criterion, name, &new);
}

/// Every key, in an order that no prefetcher knows.
fn in_turn(i: u64) -> u64 {
    i.wrapping_mul(7_919) % KEYS
}

/// Keys 0 to 99, each as often as a Zipf law has it, well mixed.
fn zipf() -> Vec<u64> {
    let mut keys: Vec<u64> =
        (0..100).flat_map(|key| vec![key; 1_000 / (key as usize + 1)]).collect();
    let mut random = 1_u64;
    for i in (1..keys.len()).rev() {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        keys.swap(i, (random >> 33) as usize % (i + 1));
    }
    keys
}

fn increments<M: Keyed>(
    criterion: &mut Criterion,
    group: &str,
    name: &str,
    new: &impl Fn() -> M,
    key: impl Fn(u64) -> u64 + Sync,
) {
    let mut group = criterion.benchmark_group(group);
    for threads in thread_counts() {
        let map = new();
        (0..KEYS).for_each(|key| map.increment(key));
        group.bench_function(BenchmarkId::new(name, threads), |bencher| {
            bencher.iter_custom(|iterations| {
                let before = map.total();
                let time =
                    time(threads, iterations, |n| (0..n).for_each(|i| map.increment(key(i))));
                let added = threads as u64 * (WARM_UP + iterations);
                assert_eq!(map.total(), before + added, "an increment was lost or doubled");
                time
            });
        });
    }
}

fn changes<M: Keyed>(criterion: &mut Criterion, name: &str, new: &impl Fn() -> M) {
    let mut group = criterion.benchmark_group("changing_keys");
    for threads in thread_counts() {
        let map = new();
        let (added, taken) = (AtomicU64::new(0), AtomicU64::new(0));
        let work = |n| {
            let (mut increments, mut removed) = (0, 0);
            for i in 0..n {
                match i % 16_384 {
                    16_383 => removed += map.sweep(),
                    rest if rest % 16 == 0 => removed += map.remove(in_turn(i / 16)),
                    _ => {
                        map.increment(in_turn(i));
                        increments += 1;
                    }
                }
            }
            added.fetch_add(increments, Relaxed);
            taken.fetch_add(removed, Relaxed);
        };
        group.bench_function(BenchmarkId::new(name, threads), |bencher| {
            bencher.iter_custom(|iterations| time(threads, iterations, work));
        });
        let left = map.total();
        assert_eq!(
            left + taken.into_inner(),
            added.into_inner(),
            "an increment was lost or doubled"
        );
    }
}

fn all(criterion: &mut Criterion) {
    keyed(criterion, "CounterMap", CounterMap::<u64, AtomicCounter>::new);
    keyed(criterion, "CounterMap of ShardedCounters", CounterMap::<u64, ShardedCounter>::new);
    keyed(criterion, "DashMap entry", DashMap::new);
    keyed(criterion, "Mutex<HashMap>", Mutex::<HashMap<u64, u64>>::default);
}

criterion_group! { name = benches; config = common::criterion(); targets = all }
criterion_main!(benches);
