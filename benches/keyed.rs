//! What does an increment under a key cost, among 10,000 keys, from two threads? `one_key`: all on
//! one hot key. `all_keys`: evenly.
#![allow(missing_docs)]

mod common;

use std::collections::HashMap;

use common::runner::{WARM_UP, time};
use criterion::{Criterion, criterion_group, criterion_main};
use dashmap::DashMap;
use hotcount::ShardedCounter;
use hotcount::{AtomicCounter, Counter, keyed::CounterMap};
use parking_lot::Mutex;

const KEYS: u64 = 10_000;
const THREADS: usize = 2;

/// Measures `increment` over keys, and asserts that `total` counted every one.
fn keyed(
    criterion: &mut Criterion,
    name: &str,
    increment: impl Fn(u64) + Sync,
    total: impl Fn() -> u64,
) {
    (0..KEYS).for_each(&increment);
    let mut measure = |group: &str, key: fn(u64) -> u64| {
        criterion.benchmark_group(group).bench_function(name, |bencher| {
            bencher.iter_custom(|iterations| {
                let before = total();
                let time = time(THREADS, iterations, |n| (0..n).for_each(|i| increment(key(i))));
                assert_eq!(total(), before + THREADS as u64 * (WARM_UP + iterations));
                time
            });
        });
    };
    measure("one_key", |_| 4_711);
    measure("all_keys", |i| i.wrapping_mul(7_919) % KEYS);
}

fn counter_map<C: Counter + Default>(criterion: &mut Criterion, name: &str) {
    let map = CounterMap::<u64, C>::new();
    keyed(
        criterion,
        name,
        |key| map.increment(&key),
        || {
            let mut total = 0;
            map.for_each(|_, counter| total += counter.get());
            total
        },
    );
}

fn all(criterion: &mut Criterion) {
    counter_map::<AtomicCounter>(criterion, "CounterMap");
    counter_map::<ShardedCounter>(criterion, "CounterMap of ShardedCounters");
    let map = DashMap::<u64, u64>::new();
    keyed(
        criterion,
        "DashMap entry",
        |key| *map.entry(key).or_default() += 1,
        || map.iter().map(|entry| *entry.value()).sum(),
    );
    let map = Mutex::new(HashMap::<u64, u64>::new());
    keyed(
        criterion,
        "Mutex<HashMap>",
        |key| *map.lock().entry(key).or_default() += 1,
        || map.lock().values().sum(),
    );
}

criterion_group! { name = benches; config = common::criterion(); targets = all }
criterion_main!(benches);
