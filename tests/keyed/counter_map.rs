use std::borrow::{Borrow, Cow};
use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::atomic::{
    AtomicBool, AtomicI64, AtomicU64, AtomicUsize,
    Ordering::{AcqRel, Acquire, Relaxed, Release},
};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use hotcount::keyed::CounterMap;
use hotcount::{AtomicCounter, Counter, LockedCounter, ShardedCounter};

/// What all keys and the overflow hold together.
fn total<K: Eq + Hash, C: Counter + Default>(map: &CounterMap<K, C>) -> u64 {
    let mut total = map.overflow().get();
    map.for_each(|_, counter| total += counter.get());
    total
}

#[test]
fn an_addition_beside_removals_and_sweeps_is_in_what_leaves_or_in_what_stays() {
    const ADDS: u64 = 1_000_000;
    let map = CounterMap::<u64>::new();
    let adding = AtomicU64::new(2);
    let while_they_add = |take: &dyn Fn() -> u64| {
        let mut left = 0;
        while adding.load(Acquire) > 0 {
            left += take();
            thread::sleep(Duration::from_micros(500)); // leaves the cores to those who add
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
    let looked_up = map.lock().expect("nobody panicked")["key"].clone();
    let removed = map.lock().expect("nobody panicked").remove("key").expect("it is there");
    let handed_out = removed.load(Relaxed);
    looked_up.fetch_add(1, Relaxed);
    let stays: u64 = map.lock().expect("nobody panicked").values().map(|c| c.load(Relaxed)).sum();
    assert_eq!(handed_out + stays, 0, "the addition is in neither");
}

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
                        *seen.lock().expect("nobody panicked") += map
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
    assert_eq!(total(&map) + seen.into_inner().expect("nobody panicked"), 200_000);
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
fn a_sweep_beside_removals_takes_no_touched_key() {
    for _ in 0..20 {
        let map = CounterMap::<u32>::new();
        (0..4_000).for_each(|key| map.increment(&key));
        thread::scope(|scope| {
            let removing = scope.spawn(|| {
                assert!((100..4_000).all(|key| map.remove(&key).is_some()), "nobody else removes");
            });
            assert!(map.sweep().is_empty(), "all were touched, and this is the first sweep");
            removing.join().expect("it removes");
        });
        assert_eq!(map.len(), 100);
    }
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

/// A borrowed key that counts how often it is made an owned one.
#[derive(PartialEq, Eq, Hash)]
struct Name(u32);

#[derive(PartialEq, Eq, Hash)]
struct Owned(Name);

thread_local!(static MADE_BY_THIS_THREAD: Cell<usize> = const { Cell::new(0) });

impl Borrow<Name> for Owned {
    fn borrow(&self) -> &Name {
        &self.0
    }
}

impl ToOwned for Name {
    type Owned = Owned;

    fn to_owned(&self) -> Owned {
        MADE_BY_THIS_THREAD.set(MADE_BY_THIS_THREAD.get() + 1);
        Owned(Name(self.0))
    }
}

#[test]
fn a_key_is_made_an_owned_one_only_when_it_is_new() {
    let map = CounterMap::<Owned>::new();
    let before = MADE_BY_THIS_THREAD.get();
    for _ in 0..10 {
        map.increment(&Name(7));
    }
    assert_eq!((map.get(&Name(7)), map.get(&Name(8))), (10, 0));
    assert!(map.remove(&Name(8)).is_none());
    assert_eq!(MADE_BY_THIS_THREAD.get() - before, 1);
}

#[test]
fn beyond_the_cap_no_key_is_made() {
    let map = CounterMap::<Owned>::with_max_keys(0);
    let before = MADE_BY_THIS_THREAD.get();
    (0..10).for_each(|key| map.increment(&Name(key)));
    assert_eq!((map.overflow().get(), MADE_BY_THIS_THREAD.get() - before), (10, 0));
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

/// Counts under a borrowed form of the key, and finds and removes it under the same form.
fn is_counted<K, Q>(key: &Q)
where
    K: Borrow<Q> + Eq + Hash,
    Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
{
    let map = CounterMap::<K>::new();
    map.add(key, 2);
    map.increment(key);
    assert_eq!(map.get(key), 3);
    assert_eq!(map.remove(key).map(AtomicCounter::into_inner), Some(3));
    assert_eq!(map.get(key), 0);
}

#[test]
fn keys_are_used_in_their_borrowed_forms() {
    is_counted::<String, str>("key");
    is_counted::<Box<str>, str>("key");
    is_counted::<Arc<str>, str>("key");
    is_counted::<Cow<'static, str>, str>("key");
    is_counted::<&'static str, &'static str>(&"key");
    is_counted::<PathBuf, Path>(Path::new("key"));
    is_counted::<Arc<[u8]>, [u8]>(&[1, 2]);
    is_counted::<(&'static str, u16), _>(&("route", 200));
    is_counted::<u64, u64>(&7);
    // A key that cannot be made from a borrowed form can still be looked up by it.
    let map = CounterMap::<&'static str>::new();
    map.increment(&"key");
    let text = String::from("key");
    assert_eq!(map.get(text.as_str()), 1);
    assert!(map.remove(text.as_str()).is_some());
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
            assert!(SWEPT.sweep().is_empty(), "it was touched since the sweep before");
        }
        state.write_u8(0);
    }
}

#[test]
fn a_touch_is_of_the_moment_when_it_has_the_lock() {
    SWEPT.increment(&Sweeping);
    SWEEP_NOW.store(true, Relaxed);
    SWEPT.increment(&Sweeping);
    assert!(!SWEEP_NOW.load(Relaxed), "the sweep came before the touch");
    assert!(SWEPT.sweep().is_empty(), "it was touched after that sweep");
    assert_eq!(SWEPT.sweep().len(), 1);
}

#[test]
fn the_hasher_is_keyed_at_random() {
    let order = || {
        let map = CounterMap::<u32>::new();
        (0..1_000).for_each(|key| map.increment(&key));
        let mut keys = Vec::new();
        map.for_each(|key, _| keys.push(*key));
        keys
    };
    assert_ne!(order(), order(), "two maps with the same keys show them in different orders");
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
fn a_sweep_takes_what_nobody_touched_since_the_one_before() {
    let map = CounterMap::<String>::new();
    map.add("added to", 1);
    map.add("read", 2);
    map.add("reached", 3);
    map.add("left alone", 4);
    assert!(map.sweep().is_empty(), "all were touched when they were made");
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

#[test]
fn numbers_under_one_key_are_unique() {
    let map = CounterMap::<u8, LockedCounter>::new();
    let mut numbers: Vec<u64> = thread::scope(|scope| {
        let clients: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| (0..500).map(|_| map.increment_and_get(&7)).collect()))
            .collect();
        let lists = clients.into_iter().map(|client| client.join().expect("it counts"));
        lists.collect::<Vec<Vec<u64>>>().concat()
    });
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=4_000).collect::<Vec<_>>());
}

#[test]
fn any_type_with_a_default_can_be_kept() {
    let map = CounterMap::<String, AtomicI64>::default();
    assert_eq!(map.with("alice", |count| count.fetch_sub(3, Relaxed)), 0);
    assert_eq!(map.remove("alice").map(AtomicI64::into_inner), Some(-3));
    map.with("bob", |count| count.store(2, Relaxed));
    assert_eq!(format!("{map:?}"), r#"{"bob": 2}"#);
}

#[test]
fn a_panic_in_a_closure_leaves_the_map_usable() {
    let map = CounterMap::<String>::new();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        map.with("key", |counter| {
            counter.increment();
            panic!("on purpose");
        });
    }));
    assert!(panicked.is_err());
    map.increment("key");
    assert_eq!((map.get("key"), map.len()), (2, 1));
}
