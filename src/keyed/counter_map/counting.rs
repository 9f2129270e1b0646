use std::borrow::Borrow;
use std::hash::Hash;

use super::{CounterMap, KeyedCounter};
use crate::keyed::sync::hash;
use crate::sync::{AtomicU64, Ordering::Relaxed};
use crate::{Counter, FetchAdd};

impl<K: Eq + Hash, C: Default> CounterMap<K, C> {
    /// Runs `use_it` on the key's counter, which is made if there is none. This counts as a use.
    ///
    /// No removal or sweep takes the counter out meanwhile. At the cap, `use_it` runs on the
    /// [`overflow`](Self::overflow) if the key has no counter. All such keys share it, and no lock
    /// is held.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
    /// use hotcount::keyed::CounterMap;
    ///
    /// let sessions: CounterMap<String, AtomicI64> = CounterMap::new();
    /// let now = sessions.with("alice", |count| count.fetch_sub(1, Relaxed) - 1);
    /// assert_eq!(now, -1);
    /// ```
    pub fn with<Q, R>(&self, key: &Q, use_it: impl FnOnce(&C) -> R) -> R
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
    {
        let hash = hash(self.seed, key);
        let mut shard = self.shards.lock(hash);
        if let Some(entry) = shard.find(hash, |entry| entry.is(key)) {
            return use_it(self.touch(entry));
        }
        if !self.places.are_all_taken() {
            // Made before it takes a place: the key's and the counter's own code may panic.
            let (key, counter) = (key.to_owned().into(), C::default());
            let entry = KeyedCounter { hash, key, counter, sweeps_before: AtomicU64::new(0) };
            if self.places.take_one() {
                return use_it(self.touch(shard.insert(entry)));
            }
        }
        drop(shard);
        use_it(&self.overflow)
    }

    /// Notes a use of the counter. The caller holds the shard's lock: a number of sweeps that was
    /// read before it took the lock could be too old.
    fn touch<'a>(&self, entry: &'a KeyedCounter<K, C>) -> &'a C {
        entry.sweeps_before.store(self.sweeps.get(), Relaxed);
        &entry.counter
    }
}

impl<K: Eq + Hash, C: Counter + Default> CounterMap<K, C> {
    /// Adds `n` under `key`. At the cap, an addition under a new key goes to the
    /// [`overflow`](Self::overflow).
    pub fn add<Q>(&self, key: &Q, n: u64)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
    {
        self.with(key, |counter| counter.add(n));
    }

    /// Adds 1 under `key`. At the cap, an addition under a new key goes to the
    /// [`overflow`](Self::overflow).
    pub fn increment<Q>(&self, key: &Q)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
    {
        self.add(key, 1);
    }

    /// Adds 1 under `key` and returns the value after.
    ///
    /// The numbers of one counter are unique. A key has one counter from its first addition until it
    /// leaves. Its next counter begins again at 1.
    ///
    /// **At the cap** a new key gets a number of the [`overflow`](Self::overflow). It is unique
    /// among all keys that share the overflow. Once there is room, the key gets a counter of its own,
    /// which begins at 1. So a key that never left can get a number twice. Without a cap it cannot.
    #[must_use = "use `increment` when the number is not needed"]
    pub fn increment_and_get<Q>(&self, key: &Q) -> u64
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
        C: FetchAdd,
    {
        self.with(key, C::increment_and_get)
    }
}
