use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};

use crossbeam_utils::CachePadded;
use foldhash::fast::RandomState;
use hashbrown::HashTable;
use parking_lot::{Mutex, MutexGuard};

/// Entries by key, spread over locks, so that threads with different keys rarely meet.
///
/// The hasher is foldhash: keyed at random, because keys come from outside, and several times
/// faster than std's for short keys.
pub(super) struct Shards<E> {
    shards: Box<[CachePadded<Mutex<HashTable<E>>>]>,
    hasher: RandomState,
}

/// Enough that 32 threads at once seldom want the same one.
const SHARDS: usize = 64;

/// What stands in the [`Shards`].
pub(super) trait Entry {
    type Key: Eq + Hash;

    fn key(&self) -> &Self::Key;

    /// The key's hash. It is kept, so that a table that grows calls no code of the key.
    fn hash(&self) -> u64;
}

impl<E: Entry> Shards<E> {
    pub(super) fn new() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| CachePadded::default()).collect(),
            hasher: RandomState::default(),
        }
    }

    pub(super) fn hash<Q: Hash + ?Sized>(&self, key: &Q) -> u64 {
        self.hasher.hash_one(key)
    }

    /// Locks the shard of the keys with this hash.
    pub(super) fn lock(&self, hash: u64) -> Shard<'_, E> {
        // Bits that the table uses neither to find a place (the low ones) nor as a tag (the top 7).
        Shard { table: self.shards[(hash >> 32) as usize % SHARDS].lock() }
    }

    /// Locks each shard in turn.
    pub(super) fn each(&self) -> impl Iterator<Item = Shard<'_, E>> {
        self.shards.iter().map(|shard| Shard { table: shard.lock() })
    }
}

/// The entries of one lock, locked.
pub(super) struct Shard<'a, E> {
    table: MutexGuard<'a, HashTable<E>>,
}

impl<E: Entry> Shard<'_, E> {
    pub(super) fn find<Q>(&self, hash: u64, key: &Q) -> Option<&E>
    where
        E::Key: Borrow<Q>,
        Q: Eq + ?Sized,
    {
        self.table.find(hash, |entry| entry.key().borrow() == key)
    }

    /// Inserts an entry whose key has none.
    pub(super) fn insert(&mut self, entry: E) -> &E {
        self.table.insert_unique(entry.hash(), entry, E::hash).into_mut()
    }

    pub(super) fn remove<Q>(&mut self, hash: u64, key: &Q) -> Option<E>
    where
        E::Key: Borrow<Q>,
        Q: Eq + ?Sized,
    {
        let entry = self.table.find_entry(hash, |entry| entry.key().borrow() == key).ok()?;
        let (entry, _) = entry.remove();
        self.shrink();
        Some(entry)
    }

    /// Takes out the entries for which `leaves` says so.
    pub(super) fn extract(&mut self, leaves: impl FnMut(&E) -> bool, mut take: impl FnMut(E)) {
        let mut leaves = leaves;
        self.table.extract_if(|entry| leaves(entry)).for_each(&mut take);
        self.shrink();
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &E> {
        self.table.iter()
    }

    /// Frees memory after a peak. An eighth and a half keep a growing and shrinking table apart, so
    /// that the cost is a constant for each removal.
    fn shrink(&mut self) {
        if self.table.len() < self.table.capacity() / 8 {
            let room = 2 * self.table.len();
            self.table.shrink_to(room, E::hash);
        }
    }
}
