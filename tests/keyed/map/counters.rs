use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::thread;

use hotcount::keyed::CounterMap;
use hotcount::{Counter, LockedCounter};

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
