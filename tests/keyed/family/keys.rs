use std::borrow::{Borrow, Cow};
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{
    AtomicU64,
    Ordering::{AcqRel, Acquire},
};
use std::thread;

use hotcount::Counter;
use hotcount::keyed::{BoundCounter, CounterFamily};

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
