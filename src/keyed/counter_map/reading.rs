use std::borrow::Borrow;
use std::hash::Hash;

use super::CounterMap;
use crate::Counter;
use crate::keyed::sync::hash;

impl<K: Eq + Hash, C: Default> CounterMap<K, C> {
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
}

impl<K: Eq + Hash, C: Counter + Default> CounterMap<K, C> {
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
