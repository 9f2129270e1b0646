use crossbeam_utils::CachePadded;
use hashbrown::HashTable;

use super::Hashed;
use super::sync::SHARDS;
use crate::sync::{Mutex, MutexGuard};

/// A map that all threads share. It has many locks, so threads with different keys rarely wait for
/// each other.
pub(crate) struct Shards<E>(Box<[CachePadded<Mutex<HashTable<E>>>]>);

impl<E: Hashed> Shards<E> {
    pub(crate) fn new() -> Self {
        let shard = |_| CachePadded::new(Mutex::new(HashTable::new()));
        Self((0..SHARDS).map(shard).collect())
    }

    /// Locks the shard of the keys with this hash.
    pub(crate) fn lock(&self, hash: u64) -> LockedShard<'_, E> {
        // Bits that the table uses neither to find a place (the low ones) nor as a tag (the top 7).
        LockedShard { table: self.0[(hash >> 32) as usize % SHARDS].lock() }
    }

    /// Locks each shard in turn.
    pub(crate) fn each(&self) -> impl Iterator<Item = LockedShard<'_, E>> {
        self.0.iter().map(|shard| LockedShard { table: shard.lock() })
    }
}

/// The entries of one lock, which is held.
pub(crate) struct LockedShard<'a, E> {
    table: MutexGuard<'a, HashTable<E>>,
}

impl<E: Hashed> LockedShard<'_, E> {
    pub(crate) fn find(&mut self, hash: u64, is_the_one: impl FnMut(&E) -> bool) -> Option<&mut E> {
        self.table.find_mut(hash, is_the_one)
    }

    /// Inserts an entry whose key has none.
    pub(crate) fn insert(&mut self, entry: E) -> &mut E {
        self.table.insert_unique(entry.hash(), entry, E::hash).into_mut()
    }

    /// Takes out the entry that is the one, if it leaves.
    pub(crate) fn take_if(
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
        shrink(&mut self.table);
        Some(entry)
    }

    /// Takes out the entries that leave.
    pub(crate) fn take_all(&mut self, leaves: impl FnMut(&mut E) -> bool, take: impl FnMut(E)) {
        self.table.extract_if(leaves).for_each(take);
        shrink(&mut self.table);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &E> {
        self.table.iter()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut E> {
        self.table.iter_mut()
    }
}

/// Frees memory after a peak. A table shrinks at an eighth of its capacity and is then half full. So
/// the cost is a constant for each removal, even if it grows and shrinks all the time.
pub(super) fn shrink<E: Hashed>(table: &mut HashTable<E>) {
    if table.len() < table.capacity() / 8 {
        table.shrink_to(2 * table.len(), E::hash);
    }
}
