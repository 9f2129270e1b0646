use std::borrow::Borrow;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use scc::{HashMap, hash_map::Entry};

use super::touched::Touched;
use crate::{AtomicCounter, Counter, FetchAdd};

/// A counter for each page, user or session, that does not grow for ever.
///
/// A key's counter is made by the first addition and leaves with [`remove`](Self::remove) or
/// [`sweep`](Self::sweep). The type of counter is a choice: [`AtomicCounter`] unless said
/// otherwise, any [`Counter`], or any other type with a [`Default`], reached by
/// [`with`](Self::with).
///
/// # Promise
///
/// **Lossless**: an addition is either in the value that a removal or a sweep hands out, or in the
/// counter that the key has afterwards. Additions keep the contract of the counter besides.
///
/// # How
///
/// The map is [`scc::HashMap`], because a small lock covers an entry while its counter is used, so
/// that no addition goes to a counter that has left; because it hands entries out as it sweeps,
/// keys and all; and because it grows a bit at a time. With all threads on one key it is slower than
/// one lock would be, and faster with many keys (`benches/RESULTS.md`). No guard of it leaves this
/// type. The hasher is randomly keyed, as std's. An operation costs a hash and a lock that threads
/// share when they use the same few keys; it allocates only when the key is new.
///
/// **A closure given to a method must not call the map**: it may wait for itself.
///
/// # Examples
///
/// ```
/// use hotcount::keyed::CounterMap;
///
/// let pages: CounterMap<String> = CounterMap::new();
/// pages.increment("/index");
/// pages.add("/index", 3);
/// assert_eq!(pages.get("/index"), 4);
/// assert_eq!(pages.increment_and_get("/about"), 1);
///
/// // A sweep takes what nobody has touched since the sweep before.
/// assert!(pages.sweep().is_empty());
/// pages.increment("/index");
/// let idle = pages.sweep();
/// assert_eq!(idle.len(), 1);
/// assert_eq!(idle[0].0, "/about");
/// assert_eq!(pages.len(), 1);
/// ```
pub struct CounterMap<K, C = AtomicCounter> {
    entries: HashMap<K, Touched<C>, RandomState>,
    /// How many keys there are: counted up before one is made, so that it is never above the cap.
    keys: AtomicUsize,
    max_keys: usize,
    overflow: C,
    /// How many sweeps have begun.
    sweeps: AtomicCounter,
}

impl<K: Eq + Hash, C: Default> CounterMap<K, C> {
    /// A map that takes as many keys as there are.
    #[must_use]
    pub fn new() -> Self {
        Self::with_max_keys(usize::MAX)
    }

    /// A map of at most `max_keys` keys at a time: what is counted under further ones is counted
    /// in [`overflow`](Self::overflow) together, so that totals stay right.
    ///
    /// ```
    /// use hotcount::{Counter, keyed::CounterMap};
    ///
    /// let users: CounterMap<u32> = CounterMap::with_max_keys(2);
    /// (0..5).for_each(|user| users.increment(&user));
    /// assert_eq!(users.len(), 2);
    /// assert_eq!(users.overflow().get(), 3);
    /// ```
    #[must_use]
    pub fn with_max_keys(max_keys: usize) -> Self {
        Self {
            entries: HashMap::default(),
            keys: AtomicUsize::new(0),
            max_keys,
            overflow: C::default(),
            sweeps: AtomicCounter::new(),
        }
    }

    /// Runs `use_it` on the key's counter, which is made if there is none, and touches it.
    ///
    /// No removal or sweep comes in between. At the cap, a key without a counter gets the
    /// [`overflow`](Self::overflow), which it shares.
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
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        if let Some(entry) = self.entries.get_sync(key) {
            return entry.get().touch(&self.sweeps, use_it);
        }
        let new = Touched::default(); // first: it may panic, and must not take up room then
        match self.entries.entry_sync(key.to_owned()) {
            Entry::Occupied(entry) => entry.get().touch(&self.sweeps, use_it),
            Entry::Vacant(entry) if self.room_for_one() => {
                entry.insert_entry(new).get().touch(&self.sweeps, use_it)
            }
            Entry::Vacant(_) => use_it(&self.overflow),
        }
    }

    fn room_for_one(&self) -> bool {
        let one_more = |keys| (keys < self.max_keys).then_some(keys + 1);
        self.keys.fetch_update(Relaxed, Relaxed, one_more).is_ok()
    }

    /// Takes the key's counter out of the map, with all that was added under the key.
    pub fn remove<Q>(&self, key: &Q) -> Option<C>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        let (_, entry) = self.entries.remove_sync(key)?;
        self.keys.fetch_sub(1, Relaxed);
        Some(entry.counter)
    }

    /// Takes out and returns each counter that nobody has touched since the sweep before (or ever).
    ///
    /// Touched means added to, or reached by [`with`](Self::with). There is no clock: whoever calls
    /// this every minute drops what was idle for a minute, and keeps nothing idle for two. It costs
    /// a visit to every key, a few keys locked at a time.
    pub fn sweep(&self) -> Vec<(K, C)> {
        let mut idle = Vec::new();
        // By number, not by a mark that is wiped off: the map may show an entry twice.
        let last = self.sweeps.fetch_add(1);
        self.entries.iter_mut_sync(|entry| {
            if entry.is_idle_since(last) {
                let (key, entry) = entry.consume();
                self.keys.fetch_sub(1, Relaxed);
                idle.push((key, entry.counter));
            }
            true
        });
        idle
    }

    /// Shows every key and its counter, and touches none. While keys come and go, one may be left
    /// out or shown twice: sums are exact when the set of keys is still.
    pub fn for_each(&self, mut show: impl FnMut(&K, &C)) {
        self.entries.iter_sync(|key, entry| {
            show(key, &entry.counter);
            true
        });
    }

    /// Returns the number of keys, at most the cap. Costs one load.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.load(Relaxed)
    }

    /// Whether there are no keys.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The counter of all keys beyond the cap. It is in no sweep.
    #[must_use]
    pub fn overflow(&self) -> &C {
        &self.overflow
    }
}

impl<K: Eq + Hash, C: Counter + Default> CounterMap<K, C> {
    /// Adds `n` under `key`; at the cap, to the [`overflow`](Self::overflow).
    pub fn add<Q>(&self, key: &Q, n: u64)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        self.with(key, |counter| counter.add(n));
    }

    /// Adds 1 under `key`; at the cap, to the [`overflow`](Self::overflow).
    pub fn increment<Q>(&self, key: &Q)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        self.add(key, 1);
    }

    /// Adds 1 under `key` and returns the value after; at the cap, that of the
    /// [`overflow`](Self::overflow), which is unique among all keys that share it.
    ///
    /// Numbers are unique until the key leaves; then they begin again at 1.
    #[must_use = "use `increment` when the number is not needed"]
    pub fn increment_and_get<Q>(&self, key: &Q) -> u64
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
        C: FetchAdd,
    {
        self.with(key, C::increment_and_get)
    }

    /// Returns what the key's counter holds, or 0 if it has none. Touches and makes nothing.
    #[must_use]
    pub fn get<Q>(&self, key: &Q) -> u64
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        self.entries.read_sync(key, |_, entry| entry.counter.get()).unwrap_or(0)
    }
}

impl<K: Eq + Hash, C: Default> Default for CounterMap<K, C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: fmt::Debug + Eq + Hash, C: fmt::Debug + Default> fmt::Debug for CounterMap<K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        self.for_each(|key, counter| {
            map.entry(key, counter);
        });
        map.finish()
    }
}
