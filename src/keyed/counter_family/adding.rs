use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::Arc;

use super::{BoundCounter, CounterFamily, Entry, Registry};
use crate::Counter;

impl<K: Eq + Hash> CounterFamily<K> {
    /// Adds `n` under `key`. At the cap, an addition under a new key goes to the
    /// [`overflow`](Self::overflow).
    #[inline]
    pub fn add<Q>(&self, key: &Q, n: u64)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
    {
        let is_the_one = |entry: &Entry<K>| entry.is(key);
        let add = |entry: &Arc<Entry<K>>| entry.counter.add(n);
        let hash = Registry::<K>::hash(key);
        if self.maps.with(hash, is_the_one, add).is_none() {
            self.add_slowly(hash, key, n);
        }
    }

    /// An addition under a key that the thread does not find in its map.
    #[cold]
    fn add_slowly<Q>(&self, hash: u64, key: &Q, n: u64)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
    {
        match self.registry().pin(hash, key) {
            Some(entry) => {
                entry.counter.add(n);
                let is_same = |one: &Entry<K>, other: &Entry<K>| std::ptr::eq(one, other);
                if let Err(entry) = self.maps.keep(entry, usize::MAX, is_same) {
                    self.registry().unpin(&entry);
                }
            }
            None => self.registry().overflow.counter.add(n),
        }
    }

    /// Adds 1 under `key`. At the cap, an addition under a new key goes to the
    /// [`overflow`](Self::overflow).
    #[inline]
    pub fn increment<Q>(&self, key: &Q)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
    {
        self.add(key, 1);
    }

    /// Returns a handle of the key's counter, which needs no look-up.
    ///
    /// The key is in use from then on, and is shown as 0 before the first addition. At the cap, the
    /// handle of a new key is one of the [`overflow`](Self::overflow), and it stays one.
    #[must_use]
    pub fn counter<Q>(&self, key: &Q) -> BoundCounter<K>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
    {
        let registry = self.registry();
        match registry.pin(Registry::<K>::hash(key), key) {
            Some(entry) => BoundCounter::new(entry, registry),
            None => BoundCounter::of_overflow(registry.overflow.clone()),
        }
    }
}
