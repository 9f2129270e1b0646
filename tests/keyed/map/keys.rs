use std::borrow::{Borrow, Cow};
use std::cell::Cell;
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hotcount::keyed::CounterMap;
use hotcount::{AtomicCounter, Counter};

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
