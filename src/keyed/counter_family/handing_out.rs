use std::borrow::Borrow;
use std::hash::Hash;

use super::{CounterFamily, Entry, Registry};
use crate::sync::Ordering::Relaxed;

/// The maps are cleared after this many left-over keys. A key is left over only if a thread counts
/// at the moment of its removal, or if it has a bound counter.
const LEFT_OVER: u64 = 64;

impl<K: Eq + Hash> CounterFamily<K> {
    /// Hands the key out: returns what was added since its last hand-out, and takes the key out of
    /// the family. The next addition under it begins at 0. Returns 0 if there is no such key.
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

    /// Hands out each key under which nothing was added since the last sweep, with what was added
    /// since its last hand-out.
    ///
    /// There is no clock: if you sweep once a minute, a key leaves after one to two minutes without an
    /// addition. Costs a visit to every key, and another one in the map of each thread.
    #[must_use = "what was counted under the idle keys is handed out"]
    pub fn sweep(&self) -> Vec<(K, u64)>
    where
        K: Clone,
    {
        let idle = self.registry().sweep();
        self.clear();
        idle
    }

    /// Takes retired entries from the threads' maps, so that their keys leave memory.
    fn clear(&self) {
        self.left_over.store(0, Relaxed);
        self.maps.clear(Entry::is_retired, |entry| self.registry().unpin(&entry));
    }
}
