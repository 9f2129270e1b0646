use std::sync::Arc;

use metrics::{Key, Metadata};
use parking_lot::Mutex;

use super::handle::Handle;
use super::key_counter::KeyCounter;
use super::origin::Origin;
use crate::maps::{Shards, ThreadMaps};

/// The most handles in the map of a thread. It bounds the counters that a thread keeps alive.
const MAX_HANDLES: usize = 4096;

/// The counters of a recorder.
pub(super) struct Counters {
    shards: Shards<Arc<KeyCounter>>,
    handles: ThreadMaps<Handle>,
    /// One for each module of the program that counts.
    origins: Mutex<Vec<Arc<Origin>>>,
}

impl Counters {
    pub(super) fn new() -> Self {
        let (shards, handles) = (Shards::new(), ThreadMaps::new());
        Self { shards, handles, origins: Mutex::default() }
    }

    /// Returns the calling thread's handle of the key's counter, if the thread has kept one.
    #[inline]
    pub(super) fn handle(&self, key: &Key) -> Option<Arc<Handle>> {
        self.handles.with(key.get_hash(), |handle| handle.counter.key == *key, Arc::clone)
    }

    /// Returns a new handle of the counter. The calling thread keeps it if its map has room.
    pub(super) fn new_handle(&self, counter: Arc<KeyCounter>) -> Arc<Handle> {
        let handle = Arc::new(Handle { counter });
        let is_same = |one: &Handle, other: &Handle| Arc::ptr_eq(&one.counter, &other.counter);
        // If it is not kept, the thread's next use of the key comes here again.
        let _ = self.handles.keep(handle.clone(), MAX_HANDLES, is_same);
        handle
    }

    pub(super) fn find(&self, key: &Key) -> Option<Arc<KeyCounter>> {
        let mut shard = self.shards.lock(key.get_hash());
        shard.find(key.get_hash(), |counter| counter.key == *key).cloned()
    }

    /// Returns the key's counter, which is made if it is absent.
    pub(super) fn find_or_make(&self, key: &Key, metadata: &Metadata<'_>) -> Arc<KeyCounter> {
        let origin = self.origin(metadata);
        let mut shard = self.shards.lock(key.get_hash());
        if let Some(known) = shard.find(key.get_hash(), |counter| counter.key == *key) {
            return known.clone();
        }
        shard.insert(Arc::new(KeyCounter::new(key, origin))).clone()
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
        self.shards.each().flat_map(|shard| shard.iter().cloned().collect::<Vec<_>>()).collect()
    }

    /// Takes idle counters from the threads' maps, and forgets those that are over.
    pub(super) fn forget(&self) {
        self.handles.clear(|handle| handle.counter.is_idle(), drop);
        for mut shard in self.shards.each() {
            shard.take_all(KeyCounter::is_over, drop);
        }
    }
}
