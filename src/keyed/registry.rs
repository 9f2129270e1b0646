use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::Arc;

use crossbeam_utils::CachePadded;

use super::entry::Entry;
use super::places::Places;
use super::slot::Slot;
use super::sync::hash;
use crate::Counter;
use crate::maps::Shards;

/// All keys of a family.
///
/// | a key is | slot | retired | shown | leaves |
/// |---|---|---|---|---|
/// | unknown | no | | no | |
/// | in use | yes | no | yes | |
/// | handed out | yes | yes | if something was added since | with its last pin |
///
/// A hand-out moves the baseline of the entry, and the entry stays. So an addition need not know
/// whether its key is being handed out: it is in this hand-out or in the next. Additions come through
/// pins. Each thread's map and each bound counter that has the entry is a pin. Without a pin nothing
/// can be added, and the slot of a key that was handed out leaves.
pub(super) struct Registry<K> {
    shards: Shards<Slot<K>>,
    places: CachePadded<Places>,
    /// The entry of all new keys beyond the cap. It has no slot, so it is never handed out.
    pub overflow: Arc<Entry<K>>,
}

/// The same for all families, so that an addition need not read it. `hash` adds the random seed of
/// the process.
const SEED: u64 = 0;

impl<K> Registry<K> {
    pub(super) fn new(max_keys: usize) -> Self {
        let places = CachePadded::new(Places::new(max_keys));
        let overflow = Arc::new(Entry::new(0, None));
        Self { shards: Shards::new(), places, overflow }
    }

    #[inline]
    pub(super) fn hash<Q: Hash + ?Sized>(key: &Q) -> u64 {
        hash(SEED, key)
    }

    /// Pins the key's entry, which is in use from now on. `None` for a new key at the cap.
    pub(super) fn pin<Q>(&self, hash: u64, key: &Q) -> Option<Arc<Entry<K>>>
    where
        K: Borrow<Q>,
        Q: Eq + ToOwned<Owned: Into<K>> + ?Sized,
    {
        let mut shard = self.shards.lock(hash);
        if let Some(slot) = shard.find(hash, |slot| slot.entry.is(key)) {
            slot.revive();
            slot.pins += 1;
            return Some(slot.entry.clone());
        }
        if self.places.are_all_taken() {
            return None;
        }
        // Made before it takes a place: the key's own code may panic.
        let entry = Entry::new(hash, Some(key.to_owned().into()));
        if !self.places.take_one() {
            drop(shard); // before the key is dropped, whose code may use the family
            return None;
        }
        let entry = Arc::new(entry);
        shard.insert(Slot::new(entry.clone()));
        Some(entry)
    }

    /// Adds a pin to an entry that has one.
    pub(super) fn pin_again(&self, entry: &Entry<K>) {
        let mut shard = self.shards.lock(entry.hash);
        if let Some(slot) =
            shard.find(entry.hash, |slot| std::ptr::eq(Arc::as_ptr(&slot.entry), entry))
        {
            slot.pins += 1;
        }
    }

    /// Gives up a pin.
    pub(super) fn unpin(&self, entry: &Entry<K>) {
        let mut shard = self.shards.lock(entry.hash);
        let is_the_one = |slot: &Slot<K>| std::ptr::eq(Arc::as_ptr(&slot.entry), entry);
        let over = shard.take_if(entry.hash, is_the_one, |slot| {
            slot.pins -= 1;
            slot.is_over()
        });
        drop(shard);
        self.forget(over);
    }

    /// Drops a slot that has left its shard, without a lock: a key's `Drop` may use the family.
    fn forget(&self, over: Option<Slot<K>>) {
        if over.is_some() {
            self.places.give_one_back(); // before the key is dropped, whose code may panic
        }
        drop(over);
    }

    /// Returns what was added under the key since its last hand-out.
    pub(super) fn get<Q>(&self, hash: u64, key: &Q) -> u64
    where
        K: Borrow<Q>,
        Q: Eq + ?Sized,
    {
        let mut shard = self.shards.lock(hash);
        shard.find(hash, |slot| slot.entry.is(key)).map_or(0, |slot| slot.entry.standing())
    }

    /// Hands the key out, and gives up `pins`. Returns what was added, and whether the key left memory;
    /// `None` without the key.
    pub(super) fn remove<Q>(&self, hash: u64, key: &Q, pins: usize) -> Option<(u64, bool)>
    where
        K: Borrow<Q>,
        Q: Eq + ?Sized,
    {
        let mut shard = self.shards.lock(hash);
        let mut handed_out = None;
        let over = shard.take_if(
            hash,
            |slot| slot.entry.is(key),
            |slot| {
                slot.pins -= pins;
                handed_out = Some(if slot.is_shown() { slot.hand_out() } else { 0 });
                slot.is_over()
            },
        );
        drop(shard);
        let left = over.is_some();
        self.forget(over);
        Some((handed_out?, left))
    }

    /// Hands out the keys under which nothing was added since the last sweep.
    pub(super) fn sweep(&self) -> Vec<(K, u64)>
    where
        K: Clone,
    {
        let mut idle = Vec::new();
        for mut shard in self.shards.each() {
            // In a pass of its own: if a key's code panics, no slot has been taken out.
            for slot in shard.iter_mut().filter(|slot| slot.is_shown()) {
                let sum = slot.entry.counter.get();
                let is_idle = slot.swept == Some(sum);
                // The key before the hand-out, because its code may panic.
                if let Some(key) = slot.entry.key.as_ref().filter(|_| is_idle).cloned() {
                    idle.push((key, slot.hand_out()));
                } else {
                    slot.revive();
                    slot.swept = Some(sum);
                }
            }
            let mut over = Vec::new();
            shard.take_all(
                |slot| slot.is_over(),
                |slot| {
                    self.places.give_one_back();
                    over.push(slot);
                },
            );
            drop(shard); // before the keys are dropped, whose code may use the family, or panic
            drop(over);
        }
        idle
    }

    /// Shows what stands under each key, without a lock.
    pub(super) fn for_each(&self, mut show: impl FnMut(&K, u64)) {
        for shard in self.shards.each() {
            let entries: Vec<_> = shard.iter().map(|slot| slot.entry.clone()).collect();
            drop(shard);
            for entry in entries {
                // In this order: a key that is handed out in between is shown as it was before.
                let (is_retired, standing) = (entry.is_retired(), entry.standing());
                let is_shown = !is_retired || standing != 0;
                if let Some(key) = entry.key.as_ref().filter(|_| is_shown) {
                    show(key, standing);
                }
            }
        }
    }

    /// Returns the number of keys that are shown.
    pub(super) fn len(&self) -> usize {
        let is_shown = |slot: &&Slot<K>| slot.is_shown();
        self.shards.each().map(|shard| shard.iter().filter(is_shown).count()).sum()
    }
}
