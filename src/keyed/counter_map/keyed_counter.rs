use std::borrow::Borrow;

use crate::maps::Hashed;
use crate::sync::AtomicU64;

/// A counter, its key, and the number of sweeps that had begun when it was used last.
pub(super) struct KeyedCounter<K, C> {
    pub(super) hash: u64,
    pub(super) key: K,
    pub(super) counter: C,
    pub(super) sweeps_before: AtomicU64,
}

impl<K, C> KeyedCounter<K, C> {
    pub(super) fn is<Q>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
        Q: Eq + ?Sized,
    {
        self.key.borrow() == key
    }
}

impl<K, C> Hashed for KeyedCounter<K, C> {
    fn hash(&self) -> u64 {
        self.hash
    }
}
