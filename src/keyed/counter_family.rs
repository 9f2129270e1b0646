use std::borrow::Borrow;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use super::bound_counter::BoundCounter;
use super::entry::Entry;
use super::registry::Registry;
use crate::maps::ThreadMaps;
use crate::sync::{AtomicU64, Ordering::Relaxed, const_fn};
use crate::{Counter, ShardedCounter};

/// A sharded counter for each key, at nearly the speed of a thread's own cell.
///
/// For what services count most: requests per route and status, bytes per tenant, reads per table. For
/// numbers per key, or other state under a key, take a [`CounterMap`](super::CounterMap); [the
/// module](super) compares the two.
///
/// # Promise
///
/// - **Each addition is counted once**: it is either in exactly one value that
///   [`remove`](Self::remove) or [`sweep`](Self::sweep) handed out, or in the count that stands, which
///   [`get`](Self::get) and [`for_each`](Self::for_each) show.
/// - **Reads and hand-outs are bracketed**: a value has at least the additions that happened before
///   the call and were not handed out, and none that happen after it. Of the hand-outs of one key,
///   each continues where the one before ended.
/// - **Published**: if a value counts an addition, the caller also sees everything that was written
///   before that addition, as in [the contract](Counter#the-contract).
/// - Sums wrap. No operation panics unless the code of the key does. A family works in the destructors
///   of thread-locals.
///
/// # Cost
///
/// An addition hashes the key, finds it in a map of the calling thread's own, and adds in the thread's
/// own cell. That is one locked instruction, in memory that other threads do not touch meanwhile, and
/// no cache line that two adding threads share. It allocates and takes a lock only in these cases:
///
/// - The thread has not yet met the key, or the key was removed since.
/// - There is no room for the key under the cap.
/// - Another thread takes a removed key out of the map at this very moment.
/// - The thread is ending.
///
/// [`counter`](Self::counter) returns a [`BoundCounter`], which needs no look-up. [`get`](Self::get)
/// takes one of 64 locks and sums the cells of all threads.
///
/// # How a removal loses nothing
///
/// A hand-out does not take the counter. It returns what was added since the hand-out before, and
/// remembers the sum. So an addition need not look whether its key is being removed: it is in the
/// counter, and in the next hand-out. The key leaves memory when no thread and no bound counter can
/// add to it any more.
///
/// # Memory
///
/// Per key: the key and about 130 bytes. For each thread that counts under it: a pointer in the map of
/// the thread, and once more has been added than the [`ShardedCounter`] keeps in itself, a cell in the
/// thread's row. There are as many maps as threads have used the family at once; a thread that ends
/// leaves its map to the next. An empty family takes 8 KiB after its first use.
///
/// A removal and a sweep take their keys out of all threads' maps, also of threads that are idle, so
/// no thread holds on to a removed key. Two things can: a [`BoundCounter`], and a thread that counts at
/// the very moment. The latter is made up for by the next sweep or the 65th such removal.
///
/// # Keys
///
/// As in std's maps, a look-up takes any borrowed form `Q` of the key: a `CounterFamily<String>`, or
/// one of `Arc<str>` or `Cow<str>`, takes a `&str`. Methods that may make a key also want to convert
/// [`Q::Owned`](ToOwned::Owned) into one, which std can do for these types. Tuples, numbers and
/// `&'static str` keys are their own borrowed form.
///
/// The family calls `Eq`, `Clone` and `ToOwned` of a key under a lock: they must not use the same
/// family. `Hash` and `Drop` may. If `Clone` panics in a sweep, what that sweep took is lost.
///
/// # Examples
///
/// ```
/// use hotcount::{Counter, keyed::CounterFamily};
///
/// static REQUESTS: CounterFamily<(&str, u16)> = CounterFamily::new();
///
/// std::thread::scope(|scope| {
///     for _ in 0..4 {
///         scope.spawn(|| (0..1000).for_each(|_| REQUESTS.increment(&("/index", 200))));
///     }
/// });
/// assert_eq!(REQUESTS.get(&("/index", 200)), 4000);
///
/// let not_found = REQUESTS.counter(&("/index", 404)); // no look-up any more
/// not_found.increment();
///
/// let mut total = 0;
/// REQUESTS.for_each(|_, count| total += count);
/// assert_eq!(total, 4001);
/// assert_eq!(REQUESTS.remove(&("/index", 200)), 4000);
/// assert_eq!(REQUESTS.len(), 1);
/// ```
pub struct CounterFamily<K> {
    maps: ThreadMaps<Entry<K>>,
    /// Made by the first use, so that `new` is `const`.
    registry: OnceLock<Arc<Registry<K>>>,
    max_keys: usize,
    /// How many keys a removal could not take from memory, since the threads' maps were last cleared.
    left_over: AtomicU64,
}

/// Maps are cleared after so many left-over keys: a key is left over only if a thread counts at the
/// moment of its removal, or has a bound counter.
const LEFT_OVER: u64 = 64;

impl<K> CounterFamily<K> {
    const_fn! {
        /// A family without a limit on the number of keys.
        pub fn new() -> Self {
            Self::with_max_keys(usize::MAX)
        }
    }

    const_fn! {
        /// A family of at most `max_keys` keys in memory. Additions under further keys go to the one
        /// [`overflow`](Self::overflow) counter, so that totals stay right.
        ///
        /// A key that was handed out needs its place until it leaves memory. Except under a
        /// [`BoundCounter`] it leaves at once, see [Memory](Self#memory).
        ///
        /// ```
        /// use hotcount::{Counter, keyed::CounterFamily};
        ///
        /// let users: CounterFamily<u32> = CounterFamily::with_max_keys(2);
        /// (0..5).for_each(|user| users.increment(&user));
        /// assert_eq!(users.len(), 2);
        /// assert_eq!(users.overflow().get(), 3);
        /// ```
        pub fn with_max_keys(max_keys: usize) -> Self {
            Self {
                maps: ThreadMaps::new(),
                registry: OnceLock::new(),
                max_keys,
                left_over: AtomicU64::new(0),
            }
        }
    }

    fn registry(&self) -> &Arc<Registry<K>> {
        self.registry.get_or_init(|| Arc::new(Registry::new(self.max_keys)))
    }

    /// Takes retired entries from the threads' maps, so that their keys leave memory.
    fn clear(&self) {
        self.left_over.store(0, Relaxed);
        self.maps.clear(Entry::is_retired, |entry| entry.unpin());
    }
}

impl<K: Eq + Hash> CounterFamily<K> {
    /// Adds `n` under `key`; at the cap, a new key's to the [`overflow`](Self::overflow).
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
                    entry.unpin();
                }
            }
            None => self.registry().overflow.counter.add(n),
        }
    }

    /// Adds 1 under `key`; at the cap, a new key's to the [`overflow`](Self::overflow).
    #[inline]
    pub fn increment<Q>(&self, key: &Q)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
    {
        self.add(key, 1);
    }

    /// Returns what was added under `key` since its last hand-out; 0 without the key, which it does not
    /// make.
    #[must_use]
    pub fn get<Q>(&self, key: &Q) -> u64
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.registry().get(Registry::<K>::hash(key), key)
    }

    /// Returns a handle of the key's counter, which needs no look-up. The key is in use from then on, and
    /// shown as 0 before the first addition. At the cap, a new key's handle is one of the
    /// [`overflow`](Self::overflow), and remains so.
    #[must_use]
    pub fn counter<Q>(&self, key: &Q) -> BoundCounter<K>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
    {
        let registry = self.registry();
        let pinned = registry.pin(Registry::<K>::hash(key), key);
        BoundCounter::new(pinned.unwrap_or_else(|| registry.overflow.clone()))
    }

    /// Hands the key out: returns what was added since its last hand-out, and takes the key out of the
    /// family. The next addition under it begins at 0.
    ///
    /// Costs a look-up in the map of each thread.
    #[must_use = "what was counted under the key is handed out"]
    pub fn remove<Q>(&self, key: &Q) -> u64
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let hash = Registry::<K>::hash(key);
        let mut pins = 0;
        self.maps.take(hash, |entry| entry.is(key), |_| pins += 1);
        let Some((handed_out, left)) = self.registry().remove(hash, key, pins) else { return 0 };
        if !left && self.left_over.fetch_add(1, Relaxed) >= LEFT_OVER {
            self.clear();
        }
        handed_out
    }

    /// Hands out each key under which nothing was added since the sweep before (or ever), with what was
    /// added since its last hand-out.
    ///
    /// There is no clock: if you sweep once a minute, a key leaves after one to two minutes without an
    /// addition. Costs a visit to every key, and a second one in the map of each thread.
    #[must_use = "what was counted under the idle keys is handed out"]
    pub fn sweep(&self) -> Vec<(K, u64)>
    where
        K: Clone,
    {
        let idle = self.registry().sweep();
        self.clear();
        idle
    }

    /// Shows every key, and what was added under it since its last hand-out.
    ///
    /// Each key is shown once. A key that comes or leaves meanwhile may be shown or not. No lock is held
    /// while `show` runs, so it may use the family.
    pub fn for_each(&self, show: impl FnMut(&K, u64)) {
        self.registry().for_each(show);
    }

    /// Returns the number of keys that [`for_each`](Self::for_each) shows, at most the cap. Costs a visit to
    /// every key.
    #[must_use]
    pub fn len(&self) -> usize {
        self.registry().len()
    }

    /// Whether there are no keys.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The counter of all new keys beyond the cap. It is never handed out.
    #[must_use]
    pub fn overflow(&self) -> &ShardedCounter {
        &self.registry().overflow.counter
    }
}

impl<K> Default for CounterFamily<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: fmt::Debug + Eq + Hash> fmt::Debug for CounterFamily<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        self.for_each(|key, standing| {
            map.entry(key, &standing);
        });
        map.finish()
    }
}
