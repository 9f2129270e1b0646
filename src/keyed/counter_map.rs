use std::borrow::Borrow;
use std::fmt;
use std::hash::Hash;

use super::places::Places;
use super::sync::{hash, seed};
use crate::maps::{Hashed, Shards};
use crate::sync::{AtomicU64, Ordering::Relaxed};
use crate::{AtomicCounter, Counter, FetchAdd};

/// A counter for each page, user or session, in bounded memory.
///
/// The first addition under a key makes its counter. [`remove`](Self::remove) and
/// [`sweep`](Self::sweep) take counters out. The counters can be of any type with a [`Default`]:
/// [`AtomicCounter`] unless you choose another [`Counter`], or your own type, which you reach through
/// [`with`](Self::with).
///
/// # Promise
///
/// **Lossless**: each addition is either in a counter that a removal or a sweep handed out, or in the
/// counter that the key has now. Otherwise additions keep the contract of the counter.
///
/// # Cost
///
/// An operation hashes the key and takes one of 64 locks, chosen by the hash. It holds the lock while
/// it uses the counter, so no addition goes to a counter that has left. It allocates only for a new
/// key. All threads on one key share one lock, which then costs what a `Mutex<HashMap>` costs.
///
/// An empty map takes 8 KiB. A map that shrinks to an eighth frees memory.
///
/// The keys may come from outside: the hasher, foldhash, is keyed at random.
///
/// # Deadlocks
///
/// The map calls your code while it holds a lock: the closures given to its methods, `Default` and
/// `Drop` of a counter, `Eq`, `Clone` and `Drop` of a key. **None of them may call the same map**: it
/// may wait for itself. No guard of a lock leaves the map.
///
/// # Keys
///
/// As in std's maps, a look-up takes any borrowed form `Q` of the key: a `CounterMap<String>` or
/// `CounterMap<Arc<str>>` takes a `&str`. Methods that may make a key also want to convert
/// [`Q::Owned`](ToOwned::Owned) into one, which std can do for these types. Tuples, numbers and
/// `&'static str` keys are their own borrowed form.
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
/// // A sweep takes the counters that were not used since the sweep before.
/// assert!(pages.sweep().is_empty());
/// pages.increment("/index");
/// let idle = pages.sweep();
/// assert_eq!(idle.len(), 1);
/// assert_eq!(idle[0].0, "/about");
/// assert_eq!(pages.len(), 1);
/// ```
pub struct CounterMap<K, C = AtomicCounter> {
    shards: Shards<Keyed<K, C>>,
    seed: u64,
    places: Places,
    overflow: C,
    /// How many sweeps have begun.
    sweeps: AtomicCounter,
}

/// A counter, its key, and the number of sweeps that had begun when it was used last.
struct Keyed<K, C> {
    hash: u64,
    key: K,
    counter: C,
    sweeps_before: AtomicU64,
}

impl<K, C> Keyed<K, C> {
    fn is<Q>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
        Q: Eq + ?Sized,
    {
        self.key.borrow() == key
    }
}

impl<K, C> Hashed for Keyed<K, C> {
    fn hash(&self) -> u64 {
        self.hash
    }
}

impl<K: Eq + Hash, C: Default> CounterMap<K, C> {
    /// A map without a limit on the number of keys.
    #[must_use]
    pub fn new() -> Self {
        Self::with_max_keys(usize::MAX)
    }

    /// A map of at most `max_keys` keys at a time. Additions under further keys go to the one
    /// [`overflow`](Self::overflow) counter, so that totals stay right. They allocate nothing.
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
            shards: Shards::new(),
            seed: seed(),
            places: Places::new(max_keys),
            overflow: C::default(),
            sweeps: AtomicCounter::new(),
        }
    }

    /// Runs `use_it` on the key's counter, and makes the counter if there is none. Counts as a use.
    ///
    /// No removal or sweep takes the counter out meanwhile. At the cap, a key without a counter gets
    /// the [`overflow`](Self::overflow), which all such keys share and no lock covers.
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
            let entry = Keyed { hash, key, counter, sweeps_before: AtomicU64::new(0) };
            if self.places.take_one() {
                return use_it(self.touch(shard.insert(entry)));
            }
        }
        drop(shard);
        use_it(&self.overflow)
    }

    /// Notes a use of the counter, under the shard's lock: a number of sweeps that was read before the
    /// lock could be that of an earlier sweep.
    fn touch<'a>(&self, entry: &'a Keyed<K, C>) -> &'a C {
        entry.sweeps_before.store(self.sweeps.get(), Relaxed);
        &entry.counter
    }

    /// Takes the key's counter out of the map, with all that was added under the key.
    #[must_use = "what was counted under the key leaves with the counter"]
    pub fn remove<Q>(&self, key: &Q) -> Option<C>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let hash = hash(self.seed, key);
        let is_the_one = |entry: &Keyed<K, C>| entry.is(key);
        let removed = self.shards.lock(hash).take_if(hash, is_the_one, |_| true)?;
        // Before the key is dropped, which may panic.
        self.places.give_one_back();
        Some(removed.counter)
    }

    /// Takes out and returns each counter that was not used since the sweep before.
    ///
    /// A use is an addition or a call of [`with`](Self::with). There is no clock: if you sweep once a
    /// minute, a counter leaves after one to two minutes without a use. Costs a visit to every key.
    /// One lock of the 64 is held at a time.
    #[must_use = "what was counted under the idle keys leaves with their counters"]
    pub fn sweep(&self) -> Vec<(K, C)> {
        let mut idle = Vec::new();
        let last = self.sweeps.fetch_add(1);
        for mut shard in self.shards.each() {
            let is_idle = |entry: &mut Keyed<K, C>| entry.sweeps_before.load(Relaxed) < last;
            shard.take_all(is_idle, |entry| {
                self.places.give_one_back();
                idle.push((entry.key, entry.counter));
            });
        }
        idle
    }

    /// Shows every key and its counter. This is not a use.
    ///
    /// Each key is shown once. A key that comes or leaves meanwhile may be shown or not, so the sums
    /// are exact only when the set of keys is still.
    pub fn for_each(&self, mut show: impl FnMut(&K, &C)) {
        for shard in self.shards.each() {
            shard.iter().for_each(|entry| show(&entry.key, &entry.counter));
        }
    }

    /// Returns the number of keys, at most the cap. Costs one load.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.taken()
    }

    /// Whether there are no keys.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The counter of all keys beyond the cap. No sweep takes it.
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
        Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
    {
        self.with(key, |counter| counter.add(n));
    }

    /// Adds 1 under `key`; at the cap, to the [`overflow`](Self::overflow).
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
    /// leaves; its next counter begins again at 1. **At the cap** the number is one of the
    /// [`overflow`](Self::overflow), unique among all keys that share it; when there is room again,
    /// the key gets a counter of its own that begins at 1, so the key can see a number twice. Without
    /// a cap this cannot happen.
    #[must_use = "use `increment` when the number is not needed"]
    pub fn increment_and_get<Q>(&self, key: &Q) -> u64
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
        C: FetchAdd,
    {
        self.with(key, C::increment_and_get)
    }

    /// Returns the value of the key's counter, or 0 if there is none. Makes no counter. This is not a
    /// use.
    #[must_use]
    pub fn get<Q>(&self, key: &Q) -> u64
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let hash = hash(self.seed, key);
        let mut shard = self.shards.lock(hash);
        shard.find(hash, |entry| entry.is(key)).map_or(0, |entry| entry.counter.get())
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
