use std::borrow::Borrow;
use std::hash::Hash;

use super::{CounterFamily, Registry};

impl<K: Eq + Hash> CounterFamily<K> {
    /// Returns what was added under `key` since its last hand-out, or 0 if there is no such key.
    /// Makes no key.
    #[must_use]
    pub fn get<Q>(&self, key: &Q) -> u64
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.registry().get(Registry::<K>::hash(key), key)
    }

    /// Shows every key, and what was added under it since its last hand-out.
    ///
    /// Each key is shown once. A key that comes or leaves meanwhile may be shown or not. No lock is
    /// held while `show` runs, so `show` may use the family.
    pub fn for_each(&self, show: impl FnMut(&K, u64)) {
        self.registry().for_each(show);
    }

    /// Returns the number of keys that [`for_each`](Self::for_each) shows, at most the cap.
    ///
    /// A key that was handed out does not count until something is added under it, even while a bound
    /// counter keeps its place under the cap. Costs a visit to every key.
    #[must_use]
    pub fn len(&self) -> usize {
        self.registry().len()
    }

    /// Whether there are no keys.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
