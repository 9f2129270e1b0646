use std::borrow::Borrow;
use std::hash::Hash;

use crossbeam_utils::CachePadded;
use hashbrown::HashTable;

use super::sync::{self, SHARDS};
use crate::sync::{Mutex, MutexGuard};

/// Entries by key, spread over locks, so that threads with different keys rarely meet.
pub(super) struct Shards<E> {
    shards: Box<[CachePadded<Mutex<HashTable<E>>>]>,
    seed: u64,
}

/// What stands in the [`Shards`].
pub(super) trait Keyed {
    type Key;

    fn is<Q>(&self, key: &Q) -> bool
    where
        Self::Key: Borrow<Q>,
        Q: Eq + ?Sized;

    /// The key's hash. It is kept, so that a table that grows calls no code of the key.
    fn hash(&self) -> u64;
}

impl<E: Keyed> Shards<E> {
    pub(super) fn new(seed: u64) -> Self {
        let shard = |_| CachePadded::new(Mutex::new(HashTable::new()));
        Self { shards: (0..SHARDS).map(shard).collect(), seed }
    }

    pub(super) fn hash<Q: Hash + ?Sized>(&self, key: &Q) -> u64 {
        sync::hash(self.seed, key)
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

impl<E: Keyed> Shard<'_, E> {
    pub(super) fn find<Q>(&mut self, hash: u64, key: &Q) -> Option<&mut E>
    where
        E::Key: Borrow<Q>,
        Q: Eq + ?Sized,
    {
        self.find_by(hash, |entry| entry.is(key))
    }

    pub(super) fn find_by(
        &mut self,
        hash: u64,
        is_the_one: impl FnMut(&E) -> bool,
    ) -> Option<&mut E> {
        self.table.find_mut(hash, is_the_one)
    }

    /// Inserts an entry whose key has none.
    pub(super) fn insert(&mut self, entry: E) -> &mut E {
        self.table.insert_unique(entry.hash(), entry, E::hash).into_mut()
    }

    /// Takes out the entry that is the one, if it leaves.
    pub(super) fn take_if(
        &mut self,
        hash: u64,
        is_the_one: impl FnMut(&E) -> bool,
        leaves: impl FnOnce(&mut E) -> bool,
    ) -> Option<E> {
        let mut found = self.table.find_entry(hash, is_the_one).ok()?;
        if !leaves(found.get_mut()) {
            return None;
        }
        let (entry, _) = found.remove();
        self.shrink();
        Some(entry)
    }

    /// Takes out the entries that leave.
    pub(super) fn take_all(&mut self, leaves: impl FnMut(&mut E) -> bool, take: impl FnMut(E)) {
        self.table.extract_if(leaves).for_each(take);
        self.shrink();
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &E> {
        self.table.iter()
    }

    fn shrink(&mut self) {
        shrink(&mut self.table, E::hash);
    }
}

/// Frees memory after a peak. An eighth and a half keep a growing and shrinking table apart, so that
/// the cost is a constant for each removal.
pub(super) fn shrink<E>(table: &mut HashTable<E>, hash: impl Fn(&E) -> u64) {
    if table.len() < table.capacity() / 8 {
        table.shrink_to(2 * table.len(), hash);
    }
}
