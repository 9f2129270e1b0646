//! How many times faster than a locked map is a family, when two threads count at once?
//!
//! All are timed in turn in each of 60 rounds, so that what else the machine does meets all of them.
//! A bound counter is compared with a bare `ShardedCounter`.
#![allow(missing_docs, clippy::cast_precision_loss)]

mod common;

use std::collections::HashMap;
use std::hash::Hash;

use common::runner::time;
use dashmap::DashMap;
use hotcount::keyed::CounterFamily;
use hotcount::{Counter, ShardedCounter};
use parking_lot::Mutex;

const THREADS: usize = 2;

/// How long and how often each is timed.
#[derive(Clone, Copy)]
struct Effort {
    rounds: usize,
    iterations: u64,
}

/// Times each piece of work in turn. Returns the nanoseconds for each iteration of all threads.
fn in_turn<const N: usize>(effort: Effort, work: [&(dyn Fn(u64) + Sync); N]) -> [Vec<f64>; N] {
    let mut times = work.map(|_| Vec::new());
    for _ in 0..effort.rounds {
        for (times, work) in times.iter_mut().zip(work) {
            let time = time(THREADS, effort.iterations, work);
            times.push(time.as_nanos() as f64 / effort.iterations as f64);
        }
    }
    times
}

/// Prints how many times as long as `ours` the other took.
fn print(question: &str, other: &str, times: &[f64], ours: &[f64]) {
    let fastest = |times: &[f64]| times.iter().copied().fold(f64::INFINITY, f64::min);
    let mut ratios: Vec<f64> = times.iter().zip(ours).map(|(other, ours)| other / ours).collect();
    ratios.sort_by(f64::total_cmp);
    let (median, minimum) = (ratios[ratios.len() / 2], fastest(times) / fastest(ours));
    println!(
        "{question}: {other} takes {median:.2} times as long (median), {minimum:.2} (fastest)"
    );
}

/// Each thread counts under the keys in turn.
fn maps<K: Clone + Eq + Hash + Send + Sync + 'static>(question: &str, keys: &[K], effort: Effort) {
    let family = CounterFamily::<K>::new();
    let (dash_map, hash_map) = (DashMap::<K, u64>::new(), Mutex::new(HashMap::<K, u64>::new()));
    let next = |n: u64| keys.iter().cycle().zip(0..n).map(|(key, _)| key);
    let [ours, dash, hash] = in_turn(
        effort,
        [
            &|n| next(n).for_each(|key| family.increment(key)),
            &|n| next(n).for_each(|key| *dash_map.entry(key.clone()).or_default() += 1),
            &|n| next(n).for_each(|key| *hash_map.lock().entry(key.clone()).or_default() += 1),
        ],
    );
    let mut total = 0;
    family.for_each(|_, count| total += count);
    assert_eq!(total, dash_map.iter().map(|entry| *entry.value()).sum::<u64>());
    print(question, "DashMap", &dash, &ours);
    print(question, "Mutex<HashMap>", &hash, &ours);
}

fn bound(effort: Effort) {
    let (family, sharded) = (CounterFamily::<u64>::new(), ShardedCounter::new());
    let bound = family.counter(&1);
    let add_sharded = |n| (0..n).for_each(|_| sharded.increment());
    let add_bound = |n| (0..n).for_each(|_| bound.increment());
    let [sharded, bound] = in_turn(effort, [&add_sharded, &add_bound]);
    print("one ShardedCounter", "BoundCounter", &bound, &sharded);
}

fn main() {
    let tests = std::env::args().any(|argument| argument == "--test");
    let (rounds, iterations) = if tests { (1, 1_000) } else { (60, 200_000) };
    let effort = Effort { rounds, iterations };
    maps("one number as key", &[4_711_u64], effort);
    maps("one short string as key", &["/index"], effort);
    // In an order that no prefetcher knows.
    let keys: Vec<u64> = (0..10_000).map(|i| i * 7_919 % 10_000).collect();
    maps("10,000 numbers as keys", &keys, effort);
    bound(effort);
}
