//! Look-ups by a borrowed form of the key, in both kinds of map.

use std::borrow::{Borrow, Cow};
use std::cell::Cell;
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use hotcount::keyed::{BoundCounter, CounterFamily, CounterMap};
use hotcount::{AtomicCounter, Counter};

/// Counts under a borrowed form of the key, and finds and removes it under the same form.
fn is_counted<K, Q>(key: &Q)
where
    K: Borrow<Q> + Clone + Eq + Hash + Send + Sync + 'static,
    Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
{
    let map = CounterMap::<K>::new();
    map.add(key, 2);
    map.increment(key);
    assert_eq!(map.get(key), 3);
    assert_eq!(map.remove(key).map(AtomicCounter::into_inner), Some(3));
    assert_eq!(map.get(key), 0);

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
    is_counted::<Arc<[u8]>, [u8]>(&[1, 2]);
    is_counted::<(&'static str, u16), _>(&("route", 200));
    is_counted::<(String, String), _>(&("a".to_string(), "b".to_string()));
    is_counted::<u64, u64>(&7);
}

#[test]
fn a_key_that_cannot_be_made_from_a_borrowed_form_can_be_looked_up_by_it() {
    let (map, family) = (CounterMap::<&str>::new(), CounterFamily::<&str>::new());
    map.increment(&"key");
    family.increment(&"key");
    let text = String::from("key");
    assert_eq!((map.get(text.as_str()), family.get(text.as_str())), (1, 1));
    assert!(map.remove(text.as_str()).is_some());
    assert_eq!(family.remove(text.as_str()), 1);
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

/// Returns how many keys the calling thread makes in `work`.
fn made(work: impl FnOnce()) -> usize {
    let before = MADE_BY_THIS_THREAD.get();
    work();
    MADE_BY_THIS_THREAD.get() - before
}

#[test]
fn a_map_makes_a_key_an_owned_one_only_when_it_is_new() {
    let map = CounterMap::<Owned>::new();
    let made = made(|| {
        (0..10).for_each(|_| map.increment(&Name(7)));
        assert_eq!((map.get(&Name(7)), map.get(&Name(8))), (10, 0));
        assert!(map.remove(&Name(8)).is_none());
    });
    assert_eq!(made, 1);
}

#[test]
fn beyond_the_cap_a_map_makes_no_key() {
    let map = CounterMap::<Owned>::with_max_keys(0);
    assert_eq!(made(|| (0..10).for_each(|key| map.increment(&Name(key)))), 0);
    assert_eq!(map.overflow().get(), 10);
}

#[test]
fn a_family_makes_a_key_an_owned_one_only_when_it_is_new() {
    let family = CounterFamily::<Owned>::with_max_keys(1);
    let use_it = || {
        made(|| {
            (0..10).for_each(|_| family.increment(&Name(7)));
            (0..10).for_each(|_| family.increment(&Name(8))); // beyond the cap
            assert_eq!((family.get(&Name(8)), family.remove(&Name(9))), (0, 0));
        })
    };
    assert_eq!(use_it(), 1);
    let by_another = thread::scope(|scope| scope.spawn(use_it).join().expect("it counts"));
    assert_eq!((by_another, family.get(&Name(7)), family.overflow().get()), (0, 20, 20));
}
