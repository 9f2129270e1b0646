mod counting;
mod handing_out;
mod keyed_counter;
mod reading;

use std::fmt;
use std::hash::Hash;

use self::keyed_counter::KeyedCounter;
use super::places::Places;
use super::sync::seed;
use crate::AtomicCounter;
use crate::maps::Shards;

/// A counter for each page, user or session, in bounded memory.
///
/// The first addition under a key makes its counter. [`remove`](Self::remove) and
/// [`sweep`](Self::sweep) hand counters out. A counter can be of any type with a [`Default`]:
/// [`AtomicCounter`] unless you choose another [`Counter`](crate::Counter), or a type of your own
/// that you use through [`with`](Self::with).
///
/// # Promise
///
/// **Each addition is counted once**: it is in exactly one counter that a removal or a sweep hands
/// out, or it still stands under the key. Otherwise additions keep the contract of the counter.
///
/// # Cost
///
/// An operation hashes the key and takes one of 64 locks, chosen by the hash. It holds the lock while
/// it uses the counter, so no addition goes to a counter that was handed out. It allocates only for
/// a new key. Threads that use the same key share one lock: that costs what a `Mutex<HashMap>`
/// costs.
///
/// An empty map takes 8 KiB. A map frees memory when it has shrunk to an eighth.
///
/// The keys may come from outside, because the hasher, foldhash, is keyed at random.
///
/// # Deadlocks
///
/// The map calls your code while it holds a lock: the closures that you give to its methods, `Default`
/// and `Drop` of a counter, and `Eq`, `ToOwned` and `Drop` of a key. **None of them may call the same
/// map**: the thread could wait for itself. The map returns no guard of a lock.
///
/// # Keys
///
/// As in std's maps, a look-up takes any borrowed form `Q` of the key: a `CounterMap<String>` or
/// `CounterMap<Arc<str>>` takes a `&str`. Methods that may make a key also convert
/// [`Q::Owned`](ToOwned::Owned) into a key, which std can do for these types. Tuples, numbers and
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
    shards: Shards<KeyedCounter<K, C>>,
    seed: u64,
    places: Places,
    overflow: C,
    /// How many sweeps have begun.
    sweeps: AtomicCounter,
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

    /// The counter of all keys beyond the cap. No sweep takes it.
    #[must_use]
    pub fn overflow(&self) -> &C {
        &self.overflow
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
