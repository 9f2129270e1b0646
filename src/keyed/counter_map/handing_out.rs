use std::borrow::Borrow;
use std::hash::Hash;

use super::{CounterMap, KeyedCounter};
use crate::FetchAdd;
use crate::keyed::sync::hash;
use crate::sync::Ordering::Relaxed;

impl<K: Eq + Hash, C: Default> CounterMap<K, C> {
    /// Hands out the key's counter, with all that was added under the key.
    #[must_use = "what was counted under the key is handed out"]
    pub fn remove<Q>(&self, key: &Q) -> Option<C>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let hash = hash(self.seed, key);
        let is_the_one = |entry: &KeyedCounter<K, C>| entry.is(key);
        let removed = self.shards.lock(hash).take_if(hash, is_the_one, |_| true)?;
        // Before the key is dropped, which may panic.
        self.places.give_one_back();
        Some(removed.counter)
    }

    /// Hands out each counter that was not used since the last sweep.
    ///
    /// A use is an addition or a call of [`with`](Self::with). There is no clock: if you sweep once a
    /// minute, a counter is handed out after one to two minutes without a use. A sweep visits every
    /// key and holds one of the 64 locks at a time.
    #[must_use = "what was counted under the idle keys is handed out"]
    pub fn sweep(&self) -> Vec<(K, C)> {
        let mut idle = Vec::new();
        let last = self.sweeps.fetch_add(1);
        for mut shard in self.shards.each() {
            let is_idle = |entry: &mut KeyedCounter<K, C>| entry.sweeps_before.load(Relaxed) < last;
            shard.take_all(is_idle, |entry| {
                self.places.give_one_back();
                idle.push((entry.key, entry.counter));
            });
        }
        idle
    }
}
