use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

use hotcount::keyed::CounterMap;
use hotcount::{AtomicCounter, Counter};
use parking_lot::Mutex;

use super::total;

#[test]
fn an_addition_beside_removals_and_sweeps_is_handed_out_once_or_stands() {
    const ADDS: u64 = 1_000_000;
    let map = CounterMap::<u64>::new();
    let adding = AtomicU64::new(2);
    let while_they_add = |take: &dyn Fn() -> u64| {
        let mut left = 0;
        while adding.load(Acquire) > 0 {
            left += take();
            thread::sleep(Duration::from_micros(500)); // leaves the cores to the adding threads
        }
        left
    };
    let remove_each =
        || (0..13).filter_map(|key| map.remove(&key)).map(AtomicCounter::into_inner).sum();
    let sweep = || map.sweep().into_iter().map(|(_, last)| last.into_inner()).sum();
    let left = thread::scope(|scope| {
        for thread in 0..2 {
            let (map, adding) = (&map, &adding);
            scope.spawn(move || {
                (0..ADDS).for_each(|i| map.increment(&((i * 7 + thread) % 13)));
                adding.fetch_sub(1, Release);
            });
        }
        let removed = scope.spawn(|| while_they_add(&remove_each));
        while_they_add(&sweep) + removed.join().expect("it removes")
    });
    assert!(left > 0, "nothing left in time: the test showed nothing");
    assert_eq!(left + total(&map), 2 * ADDS);
    let mut keys = 0;
    map.for_each(|_, _| keys += 1);
    assert_eq!(map.len(), keys);
}

/// The twin: the counter is looked up, and added to when the map is no longer locked.
#[test]
fn a_look_up_and_then_an_addition_goes_to_a_counter_that_has_left() {
    let map = Mutex::new(HashMap::from([("key", Arc::new(AtomicU64::new(0)))]));
    let looked_up = map.lock()["key"].clone();
    let removed = map.lock().remove("key").expect("it is there");
    let handed_out = removed.load(Relaxed);
    looked_up.fetch_add(1, Relaxed);
    let stays: u64 = map.lock().values().map(|c| c.load(Relaxed)).sum();
    assert_eq!(handed_out + stays, 0, "the addition is in neither");
}

#[test]
fn a_sweep_beside_removals_takes_no_used_key() {
    for _ in 0..20 {
        let map = CounterMap::<u32>::new();
        (0..4_000).for_each(|key| map.increment(&key));
        thread::scope(|scope| {
            let removing = scope.spawn(|| {
                assert!(
                    (100..4_000).all(|key| map.remove(&key).is_some()),
                    "no other thread removes"
                );
            });
            assert!(map.sweep().is_empty(), "all were used, and this is the first sweep");
            removing.join().expect("it removes");
        });
        assert_eq!(map.len(), 100);
    }
}

#[test]
fn a_sweep_takes_what_was_not_used_since_the_one_before() {
    let map = CounterMap::<String>::new();
    map.add("added to", 1);
    map.add("read", 2);
    map.add("reached", 3);
    map.add("left alone", 4);
    assert!(map.sweep().is_empty(), "all were used when they were made");
    map.increment("added to");
    assert_eq!(map.get("read"), 2);
    map.with("reached", |_| ());
    map.for_each(|_, _| ());
    let mut idle: Vec<_> = map.sweep().into_iter().map(|(k, c)| (k, c.get())).collect();
    idle.sort();
    assert_eq!(idle, [("left alone".to_string(), 4), ("read".to_string(), 2)]);
    assert_eq!(map.len(), 2);
    assert_eq!(map.sweep().len(), 2);
    assert!(map.is_empty());
    assert!(map.remove("read").is_none());
    assert_eq!(map.get("never"), 0);
    assert!(map.is_empty(), "a get makes nothing");
}

/// A key that sweeps its map once while it is hashed, that is: after a call on the map began and
/// before the call has the map's lock.
#[derive(Clone, PartialEq, Eq)]
struct Sweeping;

static SWEPT: LazyLock<CounterMap<Sweeping>> = LazyLock::new(CounterMap::new);

static SWEEP_NOW: AtomicBool = AtomicBool::new(false);

impl Hash for Sweeping {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        if SWEEP_NOW.swap(false, Relaxed) {
            assert!(SWEPT.sweep().is_empty(), "it was used since the sweep before");
        }
        state.write_u8(0);
    }
}

#[test]
fn a_use_is_of_the_moment_when_it_has_the_lock() {
    SWEPT.increment(&Sweeping);
    SWEEP_NOW.store(true, Relaxed);
    SWEPT.increment(&Sweeping);
    assert!(!SWEEP_NOW.load(Relaxed), "the sweep came before the use");
    assert!(SWEPT.sweep().is_empty(), "it was used after that sweep");
    assert_eq!(SWEPT.sweep().len(), 1);
}
