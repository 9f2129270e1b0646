use std::sync::Arc;

use super::entry::Entry;
use crate::maps::Hashed;

/// A key in the [`Registry`](super::registry::Registry). Used under the lock of its shard.
pub(super) struct Slot<K> {
    pub(super) entry: Arc<Entry<K>>,
    /// The references through which additions come.
    pub(super) pins: usize,
    /// The sum that the last sweep saw, if the key was in use then.
    pub(super) swept: Option<u64>,
}

impl<K> Hashed for Slot<K> {
    fn hash(&self) -> u64 {
        self.entry.hash
    }
}

impl<K> Slot<K> {
    /// The slot of a new key, with one pin.
    pub(super) fn new(entry: Arc<Entry<K>>) -> Self {
        Self { entry, pins: 1, swept: None }
    }

    /// Whether the key is in use, or something was added since it was handed out.
    pub(super) fn is_shown(&self) -> bool {
        !self.entry.is_retired() || self.entry.standing() != 0
    }

    /// Whether the key was handed out and nothing can be added any more. Former pins were given up
    /// under the same lock, so the sum has all their additions.
    pub(super) fn is_over(&self) -> bool {
        self.pins == 0 && !self.is_shown()
    }

    pub(super) fn hand_out(&self) -> u64 {
        self.entry.set_retired(true);
        self.entry.hand_out()
    }

    /// Puts the key in use again, if it was handed out.
    pub(super) fn revive(&mut self) {
        // Read first: a write would take the entry from the caches of the threads that count.
        if self.entry.is_retired() {
            self.entry.set_retired(false);
            self.swept = None;
        }
    }
}
