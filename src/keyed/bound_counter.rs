use std::fmt;
use std::sync::{Arc, Weak};

use super::entry::Entry;
use super::registry::Registry;
use crate::Counter;

/// The counter of one key of a [`CounterFamily`](super::CounterFamily), found once and kept.
///
/// It borrows nothing and may outlive the family. An addition costs what one to a
/// [`ShardedCounter`](crate::ShardedCounter) costs: no hash, no look-up, no lock. A clone is another
/// handle of the same counter. A clone and a drop take a lock, so keep a handle in each thread or task,
/// and do not make one for each addition.
///
/// # Promise
///
/// The five promises of [the contract](Counter#the-contract).
///
/// - [`get`](Counter::get) returns all that was added to the counter. This includes what a
///   [`remove`](super::CounterFamily::remove) or a [`sweep`](super::CounterFamily::sweep) has handed
///   out, so it never goes back.
/// - [`CounterFamily::get`](super::CounterFamily::get) returns what was added since the last hand-out.
/// - What is added after a hand-out is in the next one.
///
/// # Memory
///
/// A handle keeps its key in memory, and the key's place under the cap, even after the key was handed
/// out.
///
/// # Examples
///
/// ```
/// use hotcount::{Counter, keyed::CounterFamily};
///
/// let requests: CounterFamily<(&str, u16)> = CounterFamily::new();
/// let ok = requests.counter(&("/index", 200));
/// std::thread::spawn({
///     let ok = ok.clone();
///     move || ok.add(2)
/// })
/// .join()
/// .unwrap();
/// assert_eq!(requests.remove(&("/index", 200)), 2);
///
/// ok.increment(); // the key is back
/// assert_eq!(requests.get(&("/index", 200)), 1);
/// assert_eq!(ok.get(), 3);
/// ```
pub struct BoundCounter<K> {
    entry: Arc<Entry<K>>,
    /// Has the entry's pins. Empty for the overflow, which has none.
    registry: Weak<Registry<K>>,
}

impl<K> BoundCounter<K> {
    /// The handle of a pinned entry. It takes over the pin.
    pub(super) fn new(entry: Arc<Entry<K>>, registry: &Arc<Registry<K>>) -> Self {
        Self { entry, registry: Arc::downgrade(registry) }
    }

    /// A handle of the entry of all keys beyond the cap.
    pub(super) fn of_overflow(entry: Arc<Entry<K>>) -> Self {
        Self { entry, registry: Weak::new() }
    }
}

impl<K: Send + Sync> Counter for BoundCounter<K> {
    #[inline]
    fn add(&self, n: u64) {
        self.entry.counter.add(n);
    }

    #[inline]
    fn get(&self) -> u64 {
        self.entry.counter.get()
    }
}

impl<K> Clone for BoundCounter<K> {
    fn clone(&self) -> Self {
        if let Some(registry) = self.registry.upgrade() {
            registry.pin_again(&self.entry);
        }
        Self { entry: self.entry.clone(), registry: self.registry.clone() }
    }
}

impl<K> Drop for BoundCounter<K> {
    fn drop(&mut self) {
        if let Some(registry) = self.registry.upgrade() {
            registry.unpin(&self.entry);
        }
    }
}

impl<K> fmt::Debug for BoundCounter<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BoundCounter").field(&self.entry.counter.get()).finish()
    }
}
