use std::borrow::Borrow;

use super::sync::AtomicBool;
use crate::maps::Hashed;
use crate::sync::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
    owner_load,
};
use crate::{Counter, ShardedCounter};

/// A key of a family, and its counter.
pub(super) struct Entry<K> {
    /// `None` in the entry of all keys beyond the cap.
    pub key: Option<K>,
    pub counter: ShardedCounter,
    pub hash: u64,
    /// What has been handed out so far.
    handed_out: AtomicU64,
    /// Whether the key was handed out, and is not known to have been used since. Written under the
    /// lock of the shard.
    retired: AtomicBool,
}

impl<K> Entry<K> {
    pub(super) fn new(hash: u64, key: Option<K>) -> Self {
        let (counter, handed_out) = (ShardedCounter::new(), AtomicU64::new(0));
        Self { key, counter, hash, handed_out, retired: AtomicBool::new(false) }
    }

    #[inline]
    pub(super) fn is<Q>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
        Q: Eq + ?Sized,
    {
        self.key.as_ref().is_some_and(|own| own.borrow() == key)
    }

    /// What was added since the last hand-out.
    pub(super) fn standing(&self) -> u64 {
        // Pairs with the Release in `hand_out`, and comes before the sum, so the sum has all that was
        // handed out. In the other order the difference could be below zero.
        let handed_out = self.handed_out.load(Acquire);
        self.counter.get().wrapping_sub(handed_out)
    }

    /// Returns what was added since the last hand-out, and remembers that it is handed out.
    ///
    /// The caller holds the lock of the shard: two hand-outs at once would have the same additions.
    pub(super) fn hand_out(&self) -> u64 {
        let sum = self.counter.get();
        let before = owner_load(&self.handed_out);
        self.handed_out.store(sum, Release);
        sum.wrapping_sub(before)
    }

    /// Whether the key is retired: only a hint, unless the caller holds the lock of the shard.
    pub(super) fn is_retired(&self) -> bool {
        self.retired.load(Relaxed)
    }

    /// The caller holds the lock of the shard.
    pub(super) fn set_retired(&self, retired: bool) {
        self.retired.store(retired, Relaxed);
    }
}

impl<K> Hashed for Entry<K> {
    fn hash(&self) -> u64 {
        self.hash
    }
}
