use std::fmt;
use std::sync::Arc;

use super::entry::Entry;
use super::registry::Registry;
use crate::{Counter, ShardedCounter};

/// The counter of one key of a [`CounterFamily`](super::CounterFamily), found once and kept.
///
/// It borrows nothing and may outlive the family. An addition costs what one to a [`ShardedCounter`]
/// costs: no hash, no look-up, no lock. A clone is another handle of the same counter. A clone and a
/// drop write to a word that all handles of the key share, so keep one for each thread or task, not
/// one for each addition.
///
/// # Promise
///
/// The five promises of [the contract](Counter#the-contract), for all that was ever added under the
/// key while this handle was there. So [`get`](Counter::get) never goes back when a
/// [`remove`](super::CounterFamily::remove) or a [`sweep`](super::CounterFamily::sweep) hands the key
/// out; [`CounterFamily::get`](super::CounterFamily::get) tells what stands since then. What is added
/// after a hand-out is in the next one.
///
/// # Memory
///
/// A handle keeps its key in memory, and its place under the cap, also when the key was handed out.
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
    bound: Bound<K>,
}

enum Bound<K> {
    Key(Arc<Entry<K>>),
    Overflow(Arc<Registry<K>>),
}

impl<K> BoundCounter<K> {
    /// Of a pinned entry.
    pub(super) fn of_key(entry: Arc<Entry<K>>) -> Self {
        Self { bound: Bound::Key(entry) }
    }

    pub(super) fn of_overflow(registry: Arc<Registry<K>>) -> Self {
        Self { bound: Bound::Overflow(registry) }
    }

    #[inline]
    fn counter(&self) -> &ShardedCounter {
        match &self.bound {
            Bound::Key(entry) => &entry.counter,
            Bound::Overflow(registry) => &registry.overflow,
        }
    }
}

impl<K: Send + Sync> Counter for BoundCounter<K> {
    #[inline]
    fn add(&self, n: u64) {
        self.counter().add(n);
    }

    #[inline]
    fn get(&self) -> u64 {
        self.counter().get()
    }
}

impl<K> Clone for BoundCounter<K> {
    fn clone(&self) -> Self {
        match &self.bound {
            Bound::Key(entry) => {
                entry.pin();
                Self::of_key(entry.clone())
            }
            Bound::Overflow(registry) => Self::of_overflow(registry.clone()),
        }
    }
}

impl<K> Drop for BoundCounter<K> {
    fn drop(&mut self) {
        if let Bound::Key(entry) = &self.bound {
            entry.unpin();
        }
    }
}

impl<K> fmt::Debug for BoundCounter<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BoundCounter").field(&self.counter().get()).finish()
    }
}
