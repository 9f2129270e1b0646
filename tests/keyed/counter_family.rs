use std::borrow::{Borrow, Cow};
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::atomic::{
    AtomicU64, AtomicUsize,
    Ordering::{AcqRel, Acquire, Release},
};
use std::sync::{Arc, Barrier};
use std::thread;

use hotcount::Counter;
use hotcount::keyed::{BoundCounter, CounterFamily};

/// What stands under all keys and in the overflow.
fn total<K: Eq + Hash + Send + Sync + 'static>(family: &CounterFamily<K>) -> u64 {
    let mut total = family.overflow().get();
    family.for_each(|_, standing| total += standing);
    total
}

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
fn a_family_can_be_static() {
    static FAMILY: CounterFamily<(&str, u16)> = CounterFamily::new();
    assert!(FAMILY.is_empty());
    assert_eq!(FAMILY.remove(&("/", 200)), 0);
    FAMILY.add(&("/", 200), 3);
    assert_eq!((FAMILY.get(&("/", 200)), FAMILY.get(&("/", 404)), FAMILY.len()), (3, 0, 1));
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
fn a_bound_counter_counts_on_after_hand_outs() {
    let family = CounterFamily::<String>::new();
    let bound = family.counter("key");
    assert_eq!((family.len(), bound.get()), (1, 0), "the key is shown before it is counted");
    bound.add(3);
    family.add("key", 4);
    assert_eq!((bound.get(), family.remove("key")), (7, 7));
    assert_eq!((bound.get(), family.get("key"), family.len()), (7, 0, 0));
    let clone = bound.clone();
    drop(bound);
    clone.increment();
    assert_eq!((clone.get(), family.get("key"), family.len()), (8, 1, 1));
    drop(clone);
    assert_eq!(family.get("key"), 1, "what was added stands when the handle has gone");
    assert_eq!(family.remove("key"), 1);
    assert_eq!(family.counter("key").get(), 0, "the former counter has left memory");
}

#[test]
fn a_bound_counter_outlives_its_family_and_goes_to_other_threads() {
    fn is_free<T: Counter + Clone + Send + Sync + 'static>(_: &T) {}
    let family = CounterFamily::<String>::new();
    let bound = family.counter("key");
    is_free(&bound);
    drop(family);
    let clone = bound.clone();
    thread::spawn(move || clone.add(2)).join().expect("it counts");
    assert_eq!(bound.get(), 2);
    assert_eq!(format!("{bound:?}"), "BoundCounter(2)");
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
fn a_bound_counter_keeps_the_place_of_its_key() {
    let family = CounterFamily::<u32>::with_max_keys(1);
    let bound = family.counter(&1);
    assert_eq!(family.remove(&1), 0);
    assert_eq!(family.len(), 0);
    family.increment(&2);
    let overflow = family.counter(&3);
    overflow.increment();
    assert_eq!((family.len(), family.overflow().get(), overflow.get()), (0, 2, 2));
    drop(bound);
    family.increment(&2);
    overflow.clone().increment();
    assert_eq!((family.get(&2), family.overflow().get()), (1, 3));
}

#[test]
fn new_keys_that_race_for_the_last_place_never_exceed_the_cap() {
    let families: Vec<_> = (0..500).map(|_| CounterFamily::<usize>::with_max_keys(1)).collect();
    let arrived = AtomicUsize::new(0);
    thread::scope(|scope| {
        for me in 0..2 {
            let (families, arrived) = (&families, &arrived);
            scope.spawn(move || {
                for (round, family) in families.iter().enumerate() {
                    arrived.fetch_add(1, AcqRel);
                    while arrived.load(Acquire) < 2 * (round + 1) {
                        std::hint::spin_loop();
                    }
                    family.increment(&me);
                }
            });
        }
    });
    for family in families {
        assert_eq!((family.len(), total(&family), family.overflow().get()), (1, 2, 1));
    }
}

#[test]
fn keys_may_borrow_from_the_caller() {
    let text = String::from("a b a");
    let words = CounterFamily::<&str>::new();
    thread::scope(|scope| {
        scope.spawn(|| text.split(' ').for_each(|word| words.increment(&word)));
    });
    assert_eq!((words.get("a"), words.get("b")), (2, 1));
}

/// Counts under a borrowed form of the key, and finds and removes it under the same form.
fn is_counted<K, Q>(key: &Q)
where
    K: Borrow<Q> + Clone + Eq + Hash + Send + Sync + 'static,
    Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
{
    let family = CounterFamily::<K>::new();
    family.add(key, 2);
    family.increment(key);
    let bound: BoundCounter<K> = family.counter(key);
    bound.increment();
    assert_eq!((family.get(key), family.remove(key), family.get(key)), (4, 4, 0));
}

#[test]
fn keys_are_used_in_their_borrowed_forms() {
    is_counted::<String, str>("key");
    is_counted::<Box<str>, str>("key");
    is_counted::<Arc<str>, str>("key");
    is_counted::<Cow<'static, str>, str>("key");
    is_counted::<&'static str, &'static str>(&"key");
    is_counted::<PathBuf, Path>(Path::new("key"));
    is_counted::<(&'static str, u16), _>(&("route", 200));
    is_counted::<(String, String), _>(&("a".to_string(), "b".to_string()));
    is_counted::<u64, u64>(&7);
    // A key that cannot be made from a borrowed form can still be looked up by it.
    let family = CounterFamily::<&'static str>::new();
    family.increment(&"key");
    let text = String::from("key");
    assert_eq!((family.get(text.as_str()), family.remove(text.as_str())), (1, 1));
}

#[test]
fn a_closure_of_for_each_may_use_the_family() {
    let family = CounterFamily::<u32>::new();
    (0..100).for_each(|key| family.increment(&key));
    let mut shown = 0;
    family.for_each(|key, standing| shown += standing * family.remove(key));
    assert_eq!((shown, family.len()), (100, 0));
    family.add(&5, 2);
    assert_eq!(format!("{family:?}"), "{5: 2}");
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
fn the_code_of_a_key_may_use_the_family_in_hash_and_drop() {
    static FAMILY: CounterFamily<Busy> = CounterFamily::new();
    static OTHER: CounterFamily<&str> = CounterFamily::new();
    #[derive(Clone)]
    struct Busy(u32);
    impl PartialEq for Busy {
        fn eq(&self, other: &Self) -> bool {
            OTHER.increment(&"eq");
            self.0 == other.0
        }
    }
    impl Eq for Busy {}
    impl Hash for Busy {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            if self.0 < 3 {
                FAMILY.increment(&Busy(self.0 + 1));
            }
            self.0.hash(state);
        }
    }
    impl Drop for Busy {
        fn drop(&mut self) {
            if self.0 == 2 {
                FAMILY.increment(&Busy(7));
            }
        }
    }
    FAMILY.increment(&Busy(2));
    FAMILY.increment(&Busy(2));
    assert_eq!((FAMILY.get(&Busy(3)), OTHER.get(&"eq") > 0), (2, true));
    let sevens = FAMILY.get(&Busy(7));
    assert_eq!(FAMILY.remove(&Busy(2)), 2);
    assert!(FAMILY.get(&Busy(7)) > sevens, "the drop of the removed key counted");
}

#[test]
fn a_key_is_made_an_owned_one_only_when_it_is_new() {
    static MADE: AtomicU64 = AtomicU64::new(0);
    #[derive(PartialEq, Eq, Hash)]
    struct Name(u32);
    #[derive(PartialEq, Eq, Hash)]
    struct Owned(Name);
    impl Borrow<Name> for Owned {
        fn borrow(&self) -> &Name {
            &self.0
        }
    }
    impl ToOwned for Name {
        type Owned = Owned;
        fn to_owned(&self) -> Owned {
            MADE.fetch_add(1, AcqRel);
            Owned(Name(self.0))
        }
    }
    let family = CounterFamily::<Owned>::with_max_keys(1);
    let use_it = || {
        (0..10).for_each(|_| family.increment(&Name(7)));
        (0..10).for_each(|_| family.increment(&Name(8)));
        (family.get(&Name(7)), family.get(&Name(8)), family.remove(&Name(9)))
    };
    assert_eq!(use_it(), (10, 0, 0));
    assert_eq!(thread::scope(|scope| scope.spawn(use_it).join().expect("it counts")), (20, 0, 0));
    assert_eq!((MADE.load(Acquire), family.overflow().get()), (1, 20));
}

#[test]
fn a_key_whose_clone_or_drop_panics_takes_no_place() {
    thread_local!(static ARMED: RefCell<&'static str> = const { RefCell::new("") });
    #[derive(PartialEq, Eq, Hash)]
    struct Panics;
    impl Clone for Panics {
        fn clone(&self) -> Self {
            assert!(ARMED.with_borrow(|armed| *armed != "clone"), "on purpose");
            Self
        }
    }
    impl Drop for Panics {
        fn drop(&mut self) {
            assert!(ARMED.with_borrow(|armed| *armed != "drop"), "on purpose");
        }
    }
    let (family, key) = (CounterFamily::<Panics>::with_max_keys(1), Panics);
    let panics = |armed, work: &dyn Fn()| {
        ARMED.set(armed);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).is_err();
        ARMED.set("");
        panicked
    };
    assert!(panics("clone", &|| family.increment(&key)));
    assert!(panics("drop", &|| {
        family.increment(&key);
        let _ = family.remove(&key);
    }));
    family.increment(&key);
    assert_eq!((family.get(&key), family.overflow().get()), (1, 0), "there was room");
}

/// What the property tests do to a family, and to a map that is right by its simplicity.
#[derive(Clone, Debug)]
enum Step {
    Add(Vec<String>, u64),
    Bind(Vec<String>),
    AddBound(usize, u64),
    Unbind(usize),
    Remove(Vec<String>),
    Sweep,
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// Label sets that differ only in where one label ends and the next begins are different keys.
    fn labels() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec("[ab,]{0,2}", 0..3)
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            6 => (labels(), 0_u64..5).prop_map(|(key, n)| Step::Add(key, n)),
            2 => labels().prop_map(Step::Bind),
            2 => (any::<usize>(), 0_u64..5).prop_map(|(at, n)| Step::AddBound(at, n)),
            1 => any::<usize>().prop_map(Step::Unbind),
            2 => labels().prop_map(Step::Remove),
            1 => Just(Step::Sweep),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn each_key_has_its_own_count(steps in prop::collection::vec(step(), 0..100)) {
            let family = CounterFamily::<Vec<String>>::new();
            let mut right = HashMap::<Vec<String>, u64>::new();
            let mut bound: Vec<(Vec<String>, BoundCounter<_>)> = Vec::new();
            for step in steps {
                match step {
                    Step::Add(key, n) => {
                        family.add(&key, n);
                        *right.entry(key).or_default() += n;
                    }
                    Step::Bind(key) => bound.push((key.clone(), family.counter(&key))),
                    Step::AddBound(at, n) if !bound.is_empty() => {
                        let (key, counter) = &bound[at % bound.len()];
                        counter.add(n);
                        *right.entry(key.clone()).or_default() += n;
                    }
                    Step::Unbind(at) if !bound.is_empty() => {
                        bound.swap_remove(at % bound.len());
                    }
                    Step::Remove(key) => {
                        prop_assert_eq!(family.remove(&key), right.remove(&key).unwrap_or(0));
                    }
                    Step::Sweep => for (key, count) in family.sweep() {
                        prop_assert_eq!(count, right.remove(&key).unwrap_or(0));
                    }
                    Step::AddBound(..) | Step::Unbind(_) => {}
                }
                for (key, count) in &right {
                    prop_assert_eq!(family.get(key), *count);
                }
            }
            let mut shown = HashMap::new();
            family.for_each(|key, count| {
                assert!(shown.insert(key.clone(), count).is_none(), "a key is shown once");
            });
            prop_assert_eq!(family.len(), shown.len());
            shown.retain(|_, count| *count > 0);
            right.retain(|_, count| *count > 0);
            prop_assert_eq!(shown, right);
        }
    }
}
