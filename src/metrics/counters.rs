use std::sync::Arc;

use hashbrown::HashTable;
use metrics::{Key, Metadata};
use parking_lot::Mutex;

use super::key_counter::KeyCounter;
use super::origin::Origin;
use super::recorder_id::RecorderId;

/// Threads that register different keys at once seldom meet at one of so many locks.
const SHARDS: usize = 16;

/// The counters of a recorder.
#[derive(Default)]
pub(super) struct Counters {
    recorder: Arc<RecorderId>,
    shards: [Mutex<HashTable<Arc<KeyCounter>>>; SHARDS],
    /// As many as the program has modules that count.
    origins: Mutex<Vec<Arc<Origin>>>,
}

impl Counters {
    pub(super) fn recorder(&self) -> &Arc<RecorderId> {
        &self.recorder
    }

    fn shard(&self, key: &Key) -> &Mutex<HashTable<Arc<KeyCounter>>> {
        // The table uses the lowest and the highest bits.
        &self.shards[(key.get_hash() >> 32) as usize % SHARDS]
    }

    pub(super) fn find(&self, key: &Key) -> Option<Arc<KeyCounter>> {
        let shard = self.shard(key).lock();
        shard.find(key.get_hash(), |counter| counter.key == *key).cloned()
    }

    /// Returns the key's counter, which is made if it is absent.
    pub(super) fn find_or_make(&self, key: &Key, metadata: &Metadata<'_>) -> Arc<KeyCounter> {
        let origin = self.origin(metadata);
        let mut shard = self.shard(key).lock();
        let hash = |counter: &Arc<KeyCounter>| counter.key.get_hash();
        let make = || Arc::new(KeyCounter::new(key, origin));
        let entry = shard.entry(key.get_hash(), |counter| counter.key == *key, hash);
        entry.or_insert_with(make).get().clone()
    }

    fn origin(&self, metadata: &Metadata<'_>) -> Arc<Origin> {
        let mut origins = self.origins.lock();
        if let Some(known) = origins.iter().find(|origin| origin.is(metadata)) {
            return known.clone();
        }
        let origin = Arc::new(Origin::new(metadata));
        origins.push(origin.clone());
        origin
    }

    pub(super) fn all(&self) -> Vec<Arc<KeyCounter>> {
        let shards = self.shards.iter();
        shards.flat_map(|shard| shard.lock().iter().cloned().collect::<Vec<_>>()).collect()
    }

    /// Forgets the counters that are over.
    pub(super) fn forget(&self) {
        for shard in &self.shards {
            let mut shard = shard.lock();
            shard.retain(|counter| !counter.is_over());
            if shard.len() < shard.capacity() / 4 {
                let room = 2 * shard.len();
                shard.shrink_to(room, |counter| counter.key.get_hash());
            }
        }
    }
}

impl Drop for Counters {
    fn drop(&mut self) {
        self.recorder.set_gone();
    }
}
