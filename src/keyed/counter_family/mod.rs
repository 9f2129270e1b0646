mod adding;
mod handing_out;
mod reading;

use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use super::bound_counter::BoundCounter;
use super::entry::Entry;
use super::registry::Registry;
use crate::ShardedCounter;
use crate::maps::ThreadMaps;
use crate::sync::{AtomicU64, const_fn};

/// A sharded counter for each key.
///
/// An addition takes a hash, a look-up in the thread's own map, and one locked instruction.
///
/// Take it for what services count most: requests per route and status, bytes per tenant, reads per
/// table. For numbers per key, or other state under a key, take a
/// [`CounterMap`](super::CounterMap). [The module](super) compares the two.
///
/// # Promise
///
/// - **Each addition is counted once**: it is in exactly one value that [`remove`](Self::remove) or
///   [`sweep`](Self::sweep) hands out, or it still stands under the key. [`get`](Self::get) and
///   [`for_each`](Self::for_each) show what stands.
/// - **Reads and hand-outs are bracketed**: a value has at least the additions that happened before
///   the call and were not handed out, and none that happen after it. Each hand-out of a key
///   continues where the one before ended.
/// - **Published**: if a value counts an addition, the caller also sees everything that was written
///   before that addition, as in [the contract](crate::Counter#the-contract).
/// - Sums wrap. No operation panics unless the code of the key does. A family works in the destructors
///   of thread-locals.
///
/// # Cost
///
/// An addition hashes the key, finds it in the calling thread's own map, and adds in the thread's
/// own cell. That takes one locked instruction, and writes no cache line that another adding thread
/// writes. It takes a lock only in these cases:
///
/// - The thread has not yet met the key, or the key was removed since. Then it may allocate, too.
/// - There is no room for the key under the cap.
/// - A [`remove`](Self::remove) or a [`sweep`](Self::sweep) looks through the thread's map right now.
/// - The thread is ending.
///
/// [`counter`](Self::counter) returns a [`BoundCounter`], which needs no look-up. [`get`](Self::get)
/// takes one of 64 locks and sums the cells of all threads.
///
/// # How a removal loses nothing
///
/// A hand-out leaves the counter where it is. It returns what was added since the last hand-out, and
/// remembers the sum. So an addition need not ask whether its key is being removed: it is in this
/// hand-out or in the next. The key leaves memory when no thread and no bound counter can add to it
/// any more.
///
/// # Memory
///
/// - Per key: the key and about 130 bytes.
/// - For each thread that counts under the key: a pointer in the map of the thread. After some
///   additions, see [`ShardedCounter`], also a cell in the thread's row.
/// - There are as many maps as threads have used the family at once. A thread that ends leaves its map
///   to the next.
/// - An empty family takes about 10 KiB after its first use.
///
/// A removal and a sweep take their keys out of the maps of all threads, also of idle ones. So an
/// idle thread holds on to no removed key. A removed key stays in memory, and keeps its place under
/// the cap, in two cases:
///
/// - It has a [`BoundCounter`]: until the last one is dropped.
/// - A thread was using its map when the removal looked through it: until the next sweep, or until 65
///   removed keys have stayed.
///
/// # After a fork
///
/// In the child of a `fork`, an addition under a key that the thread finds in its map takes no lock,
/// and neither do the additions and reads of a [`BoundCounter`]. All other calls may wait forever
/// for a lock that another thread held at the fork. So may the end of a thread that has used a
/// family, because the thread gives the number of its map back under a lock.
///
/// # Keys
///
/// As in std's maps, a look-up takes any borrowed form `Q` of the key: a `CounterFamily<String>`, or
/// one of `Arc<str>` or `Cow<str>`, takes a `&str`. Methods that may make a key also convert
/// [`Q::Owned`](ToOwned::Owned) into a key, which std can do for these types. Tuples, numbers and
/// `&'static str` keys are their own borrowed form.
///
/// The family calls `Eq`, `Clone` and `ToOwned` of a key under a lock: they must not use the same
/// family. `Hash` and `Drop` may. If `Clone` panics in a sweep, what that sweep took is lost. The
/// keys that it took keep their places under the cap until the next sweep.
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
    /// How many removed keys have stayed in memory since the threads' maps were last cleared.
    left_over: AtomicU64,
}

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
        /// A key that was handed out keeps its place until it leaves memory: nearly always at once, see
        /// [Memory](Self#memory).
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
