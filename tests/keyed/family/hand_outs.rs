use std::cell::RefCell;
use std::sync::Barrier;
use std::sync::atomic::{
    AtomicUsize,
    Ordering::{Acquire, Release},
};
use std::thread;

use hotcount::Counter;
use hotcount::keyed::CounterFamily;

use super::total;

fn sum<K>(handed_out: Vec<(K, u64)>) -> u64 {
    handed_out.into_iter().map(|(_, count)| count).sum()
}

#[test]
fn each_addition_is_in_one_hand_out_or_stands() {
    const ADDS: u64 = 100_000;
    let family = CounterFamily::<String>::with_max_keys(9);
    let adding = AtomicUsize::new(2);
    let while_they_add = |take: &dyn Fn(u64) -> u64| {
        let mut taken = 0;
        for i in 0.. {
            taken += take(i);
            if adding.load(Acquire) == 0 {
                break;
            }
        }
        taken
    };
    let taken: u64 = thread::scope(|scope| {
        for first in 0..2 {
            let (family, adding) = (&family, &adding);
            scope.spawn(move || {
                // Threads come and go meanwhile, and half of the additions are bound.
                for part in 0..20 {
                    let add = |i: u64| {
                        let key = format!("{}", (i * 7 + first + part) % 13);
                        match i % 2 {
                            0 => family.increment(key.as_str()),
                            _ => family.counter(key.as_str()).increment(),
                        }
                    };
                    thread::scope(|scope| scope.spawn(|| (0..ADDS / 20).for_each(add)).join())
                        .expect("it adds");
                }
                adding.fetch_sub(1, Release);
            });
        }
        let removing =
            scope.spawn(|| while_they_add(&|i| family.remove(format!("{}", i % 13).as_str())));
        while_they_add(&|_| sum(family.sweep())) + removing.join().expect("it removes")
    });
    assert!(taken > 0, "nothing was handed out in time: the test showed nothing");
    assert_eq!(taken + total(&family), 2 * ADDS);
    assert!(family.len() <= 9);
    let rest = family.overflow().get() + sum(family.sweep()) + sum(family.sweep());
    assert_eq!(taken + rest, 2 * ADDS);
    assert_eq!((family.len(), total(&family)), (0, family.overflow().get()));
}

#[test]
fn a_sweep_hands_out_the_keys_without_an_addition_since_the_one_before() {
    let family = CounterFamily::<String>::default();
    family.add("added to", 1);
    family.add("read", 2);
    let bound = family.counter("bound");
    assert!(family.sweep().is_empty(), "each key is new to the sweep");
    family.increment("added to");
    assert_eq!(family.get("read"), 2);
    let mut idle = family.sweep();
    idle.sort();
    assert_eq!(idle, [("bound".to_string(), 0), ("read".to_string(), 2)]);
    assert_eq!(family.len(), 1);
    bound.increment();
    assert_eq!((family.get("bound"), family.len()), (1, 2), "the key is back");
    assert_eq!(family.sweep(), [("added to".to_string(), 2)]);
    assert_eq!(family.sweep(), [("bound".to_string(), 1)]);
    assert!(family.is_empty());
}

#[test]
fn a_removal_hands_out_what_was_added_since_the_one_before() {
    let family = CounterFamily::<u8>::new();
    family.add(&1, 5);
    assert_eq!(family.remove(&1), 5);
    assert_eq!((family.remove(&1), family.get(&1), family.len()), (0, 0, 0));
    family.add(&1, 2);
    assert_eq!((family.get(&1), family.remove(&1)), (2, 2));
}

#[test]
fn a_removed_key_leaves_though_idle_threads_have_counted_under_it() {
    let family = CounterFamily::<u32>::with_max_keys(2);
    let (counted, removed) = (Barrier::new(9), Barrier::new(9));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                family.increment(&1);
                family.increment(&2);
                counted.wait();
                removed.wait();
            });
        }
        counted.wait();
        assert_eq!(family.remove(&1), 8);
        family.increment(&3);
        assert_eq!((family.get(&3), family.overflow().get()), (1, 0), "there was room");
        assert!(family.sweep().is_empty());
        family.increment(&3);
        assert_eq!(family.sweep(), [(2, 8)]);
        family.increment(&4);
        assert_eq!((family.get(&4), family.overflow().get()), (1, 0), "there was room again");
        removed.wait();
    });
}

#[test]
fn additions_in_the_destructor_of_a_thread_local_count() {
    static FAMILY: CounterFamily<&str> = CounterFamily::new();
    struct Last;
    impl Drop for Last {
        fn drop(&mut self) {
            FAMILY.increment(&"last");
            FAMILY.counter(&"last").increment();
        }
    }
    thread_local!(static LAST: RefCell<Option<Last>> = const { RefCell::new(None) });
    for family_first in [true, false] {
        let work = move || {
            if family_first {
                FAMILY.increment(&"first");
            }
            LAST.with(|last| *last.borrow_mut() = Some(Last));
            FAMILY.increment(&"first");
        };
        thread::spawn(work).join().expect("it counts");
    }
    assert_eq!((FAMILY.get(&"first"), FAMILY.get(&"last")), (3, 4));
}

#[test]
fn a_family_can_be_static() {
    static FAMILY: CounterFamily<(&str, u16)> = CounterFamily::new();
    assert!(FAMILY.is_empty());
    assert_eq!(FAMILY.remove(&("/", 200)), 0);
    FAMILY.add(&("/", 200), 3);
    assert_eq!((FAMILY.get(&("/", 200)), FAMILY.get(&("/", 404)), FAMILY.len()), (3, 0, 1));
}
