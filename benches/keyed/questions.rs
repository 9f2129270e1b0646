//! The questions about counting under keys, each a function over any kind of map.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use criterion::{BenchmarkId, Criterion};

use crate::common::runner::{WARM_UP, thread_counts, time};

pub(crate) const KEYS: u64 = 10_000;

/// Counts under keys.
pub(crate) trait Keyed: Sync {
    fn increment(&self, key: u64);
    /// What stands under all keys; `None` where no thread can tell.
    fn total(&self) -> Option<u64>;
}

/// Counts under keys that come and go.
pub(crate) trait Changing: Keyed {
    /// Takes out what was counted under the key.
    fn remove(&self, key: u64) -> u64;
    /// Visits every key and returns what it took out.
    fn sweep(&self) -> u64;
}

/// What does an increment cost, with 1 to 32 threads at once?
///
/// - `one_key`: all threads on the same one of 10,000 keys.
/// - `zipf_keys`: 100 keys, the k-th most frequent with a frequency of 1/k.
/// - `all_keys`: 10,000 keys in turn.
pub(crate) fn increments<M: Keyed>(criterion: &mut Criterion, name: &str, new: impl Fn() -> M) {
    let zipf = zipf();
    increment(criterion, "one_key", name, &new, |_| 4_711);
    increment(criterion, "zipf_keys", name, &new, |i| zipf[i as usize % zipf.len()]);
    increment(criterion, "all_keys", name, &new, in_turn);
}

fn increment<M: Keyed>(
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
                let work = |n| (0..n).for_each(|i| map.increment(key(i)));
                let time = time(threads, iterations, work);
                let added = threads as u64 * (WARM_UP + iterations);
                let after = before.map(|before| before + added);
                assert_eq!(map.total(), after, "an increment was lost or doubled");
                time
            });
        });
    }
}

/// What does an operation cost among 10,000 keys that come and go? 1 in 16 removes a key, and 1 in
/// 16,384 visits all keys.
pub(crate) fn changes<M: Changing>(criterion: &mut Criterion, name: &str, new: impl Fn() -> M) {
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
        let left = map.total().expect("it can be read");
        assert_eq!(left + taken.into_inner(), added.into_inner(), "an increment was lost");
    }
}

/// What does a read of one of 10,000 keys cost, after 1 to 32 threads have counted under all?
pub(crate) fn reads<M: Keyed>(
    criterion: &mut Criterion,
    name: &str,
    new: impl Fn() -> M,
    read: impl Fn(&M, u64) -> u64,
) {
    let mut group = criterion.benchmark_group("read_key");
    for threads in thread_counts() {
        let map = new();
        time(threads, 0, |_| (0..KEYS).for_each(|key| map.increment(key)));
        let mut key = 0;
        group.bench_function(BenchmarkId::new(name, threads), |bencher| {
            bencher.iter(|| {
                key += 1;
                assert_eq!(read(&map, in_turn(key)), 2 * threads as u64);
            });
        });
    }
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
