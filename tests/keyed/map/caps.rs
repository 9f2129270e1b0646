use std::cell::Cell;
use std::collections::HashSet;
use std::hash::Hash;
use std::sync::atomic::{
    AtomicUsize,
    Ordering::{AcqRel, Acquire, Relaxed},
};
use std::thread;

use hotcount::keyed::CounterMap;
use hotcount::{Counter, ShardedCounter};
use parking_lot::Mutex;

use super::total;

#[test]
fn the_cap_is_never_exceeded_and_loses_nothing() {
    const CAP: usize = 100;
    let map = CounterMap::<String, ShardedCounter>::with_max_keys(CAP);
    let seen = Mutex::new(0);
    thread::scope(|scope| {
        for thread in 0..4 {
            let (map, seen) = (&map, &seen);
            scope.spawn(move || {
                for i in 0..50_000 {
                    map.increment(format!("{}", (i * 31 + thread * 17) % 400).as_str());
                    if i % 1_000 == thread {
                        let mut keys = Vec::new();
                        map.for_each(|key, _| keys.push(key.clone()));
                        let different: HashSet<_> = keys.iter().collect();
                        assert_eq!(different.len(), keys.len(), "a key is shown once");
                        assert!(map.len() <= CAP, "{}", map.len());
                        *seen.lock() += map
                            .remove(format!("{}", i % 400).as_str())
                            .map_or(0, |last| last.get());
                    }
                }
            });
        }
    });
    let mut keys = 0;
    map.for_each(|_, _| keys += 1);
    assert_eq!((map.len(), keys), (CAP, CAP));
    assert!(map.overflow().get() > 0);
    assert_eq!(total(&map) + seen.into_inner(), 200_000);
}

#[test]
fn new_keys_that_race_for_the_last_place_never_exceed_the_cap() {
    // Enough keys for several of the map's locks, and room for one more.
    let almost_full = |_| {
        let map = CounterMap::<usize>::with_max_keys(301);
        (0..300).for_each(|key| map.increment(&(key + 2)));
        map
    };
    let maps: Vec<_> = (0..1_500).map(almost_full).collect();
    let arrived = AtomicUsize::new(0);
    thread::scope(|scope| {
        for me in 0..2 {
            let (maps, arrived) = (&maps, &arrived);
            scope.spawn(move || {
                for (round, map) in maps.iter().enumerate() {
                    arrived.fetch_add(1, AcqRel);
                    while arrived.load(Acquire) < 2 * (round + 1) {
                        std::hint::spin_loop();
                    }
                    map.increment(&me);
                }
            });
        }
    });
    for map in maps {
        let mut keys = 0;
        map.for_each(|_, counter| keys += counter.get());
        assert_eq!((keys, map.overflow().get(), map.len()), (301, 1, 301));
    }
}

#[test]
fn at_the_cap_with_and_increment_and_get_act_on_the_overflow() {
    let map = CounterMap::<String>::with_max_keys(1);
    assert_eq!(map.increment_and_get("first"), 1);
    assert_eq!(map.increment_and_get("second"), 1);
    assert_eq!(map.increment_and_get("third"), 2);
    assert!(map.with("fourth", |counter| std::ptr::eq(counter, map.overflow())));
    assert_eq!((map.get("first"), map.get("second"), map.overflow().get()), (1, 0, 2));
    assert_eq!(map.remove("first").map(|last| last.get()), Some(1));
    assert_eq!(map.increment_and_get("second"), 1, "there is room again");
    assert_eq!((map.len(), map.overflow().get()), (1, 2));
    let none = CounterMap::<String>::with_max_keys(0);
    none.add("anything", 5);
    assert_eq!((none.len(), none.overflow().get()), (0, 5));
}

#[test]
fn a_default_that_panics_takes_no_place() {
    struct Panics;
    impl Default for Panics {
        fn default() -> Self {
            assert!(!thread::panicking() && PANIC.load(Relaxed) == 0, "on purpose");
            Self
        }
    }
    static PANIC: AtomicUsize = AtomicUsize::new(0);
    let map = CounterMap::<u32, Panics>::with_max_keys(1);
    PANIC.store(1, Relaxed);
    let use_it = std::panic::AssertUnwindSafe(|| map.with(&1, |_| ()));
    assert!(std::panic::catch_unwind(use_it).is_err());
    PANIC.store(0, Relaxed);
    assert!(map.is_empty());
    map.with(&2, |_| ());
    assert!(map.remove(&2).is_some(), "there was room");
}

#[test]
fn a_key_whose_drop_panics_leaves_its_place() {
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Panics;
    impl Drop for Panics {
        fn drop(&mut self) {
            assert!(!ARMED.get(), "on purpose");
        }
    }
    thread_local!(static ARMED: Cell<bool> = const { Cell::new(false) });
    let (map, key) = (CounterMap::<Panics>::with_max_keys(1), Panics);
    map.increment(&key);
    ARMED.set(true);
    let removed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| map.remove(&key)));
    ARMED.set(false);
    assert!(removed.is_err());
    assert_eq!(map.len(), 0);
    map.increment(&key);
    assert_eq!((map.get(&key), map.overflow().get()), (1, 0), "there was room");
}
