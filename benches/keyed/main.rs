//! What does counting under keys cost? See `questions`. Other crates' label families are in
//! `benches/peers`.
#![allow(missing_docs, clippy::cast_possible_truncation)]

#[path = "../common/mod.rs"]
mod common;
mod questions;

use std::collections::HashMap;

use criterion::{Criterion, criterion_group, criterion_main};
use dashmap::DashMap;
use hotcount::keyed::{BoundCounter, CounterFamily, CounterMap};
use hotcount::{AtomicCounter, Counter, ShardedCounter};
use parking_lot::Mutex;
use questions::{Changing, KEYS, Keyed, changes, increments, reads};

impl Keyed for CounterFamily<u64> {
    fn increment(&self, key: u64) {
        self.increment(&key);
    }
    fn total(&self) -> Option<u64> {
        let mut total = 0;
        self.for_each(|_, standing| total += standing);
        Some(total)
    }
}

impl Changing for CounterFamily<u64> {
    fn remove(&self, key: u64) -> u64 {
        self.remove(&key)
    }
    fn sweep(&self) -> u64 {
        self.sweep().into_iter().map(|(_, count)| count).sum()
    }
}

/// A handle for each key.
struct Bound(Vec<BoundCounter<u64>>);

impl Bound {
    fn new() -> Self {
        let family = CounterFamily::new();
        Self((0..KEYS).map(|key| family.counter(&key)).collect())
    }
}

impl Keyed for Bound {
    fn increment(&self, key: u64) {
        self.0[key as usize].increment();
    }
    fn total(&self) -> Option<u64> {
        Some(self.0.iter().map(Counter::get).sum())
    }
}

impl<C: Counter + Default> Keyed for CounterMap<u64, C> {
    fn increment(&self, key: u64) {
        self.increment(&key);
    }
    fn total(&self) -> Option<u64> {
        let mut total = 0;
        self.for_each(|_, counter| total += counter.get());
        Some(total)
    }
}

impl<C: Counter + Default> Changing for CounterMap<u64, C> {
    fn remove(&self, key: u64) -> u64 {
        self.remove(&key).map_or(0, |counter| counter.get())
    }
    fn sweep(&self) -> u64 {
        self.sweep().into_iter().map(|(_, counter)| counter.get()).sum()
    }
}

impl Keyed for DashMap<u64, u64> {
    fn increment(&self, key: u64) {
        *self.entry(key).or_default() += 1;
    }
    fn total(&self) -> Option<u64> {
        Some(self.iter().map(|entry| *entry.value()).sum())
    }
}

impl Changing for DashMap<u64, u64> {
    fn remove(&self, key: u64) -> u64 {
        self.remove(&key).map_or(0, |(_, count)| count)
    }
    fn sweep(&self) -> u64 {
        self.retain(|_, _| true);
        0
    }
}

impl Keyed for Mutex<HashMap<u64, u64>> {
    fn increment(&self, key: u64) {
        *self.lock().entry(key).or_default() += 1;
    }
    fn total(&self) -> Option<u64> {
        Some(self.lock().values().sum())
    }
}

impl Changing for Mutex<HashMap<u64, u64>> {
    fn remove(&self, key: u64) -> u64 {
        self.lock().remove(&key).unwrap_or(0)
    }
    fn sweep(&self) -> u64 {
        self.lock().retain(|_, _| true);
        0
    }
}

fn all(criterion: &mut Criterion) {
    let name = "CounterFamily";
    increments(criterion, name, CounterFamily::new);
    changes(criterion, name, CounterFamily::new);
    reads(criterion, name, CounterFamily::new, |family, key| family.get(&key));
    increments(criterion, "CounterFamily, bound", Bound::new);
    let (name, new) = ("CounterMap", CounterMap::<u64, AtomicCounter>::new);
    increments(criterion, name, new);
    changes(criterion, name, new);
    reads(criterion, name, new, |map, key| map.get(&key));
    let (name, new) = ("CounterMap of ShardedCounters", CounterMap::<u64, ShardedCounter>::new);
    increments(criterion, name, new);
    changes(criterion, name, new);
    let (name, new) = ("DashMap", DashMap::<u64, u64>::new);
    increments(criterion, name, new);
    changes(criterion, name, new);
    reads(criterion, name, new, |map, key| map.get(&key).map_or(0, |count| *count));
    let (name, new) = ("Mutex<HashMap>", Mutex::<HashMap<u64, u64>>::default);
    increments(criterion, name, new);
    changes(criterion, name, new);
    reads(criterion, name, new, |map, key| map.lock().get(&key).copied().unwrap_or(0));
}

criterion_group! { name = benches; config = common::criterion(); targets = all }
criterion_main!(benches);
