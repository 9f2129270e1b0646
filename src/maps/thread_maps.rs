use std::sync::{Arc, OnceLock};

use crossbeam_utils::CachePadded;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry::{Occupied, Vacant};

use super::Hashed;
use super::place::{Place, SEGMENTS};
use super::shards::shrink;
use super::sync::{AtomicRefCell, AtomicRefMut};
use super::thread_number;
use crate::sync::{array, const_fn};

/// A map for each thread. It holds what the thread has found in the shared map. The thread finds it
/// again there, in its own memory.
///
/// A thread borrows its map while it uses it. That costs one locked instruction, in a cache line that
/// other threads write only when they look for something to take out. Nothing here waits: a thread
/// whose map is borrowed does without it. This happens while another thread looks through the map, and
/// in the code of a key that the map itself calls. A thread that ends leaves its map to the next.
pub(crate) struct ThreadMaps<T> {
    segments: [OnceLock<Box<[Map<T>]>>; SEGMENTS],
}

type Map<T> = CachePadded<AtomicRefCell<HashTable<Arc<T>>>>;

impl<T: Hashed> ThreadMaps<T> {
    const_fn! {
        pub(crate) fn new() -> Self {
            Self { segments: array![OnceLock::new(); SEGMENTS] }
        }
    }

    /// Runs `use_it` on the entry that is the one, if the calling thread's map has it.
    #[inline]
    pub(crate) fn with<R>(
        &self,
        hash: u64,
        is_the_one: impl Fn(&T) -> bool,
        use_it: impl FnOnce(&Arc<T>) -> R,
    ) -> Option<R> {
        let place = thread_number::place();
        let maps = self.segments.get(place.segment)?.get()?;
        let map = maps[place.index].try_borrow_mut().ok()?;
        map.find(hash, |entry| is_the_one(entry)).map(use_it)
    }

    /// Puts an entry into the calling thread's map.
    ///
    /// Returns the entry in these cases:
    ///
    /// - The thread is ending, so it has no map.
    /// - The map is in use, or has `most` entries.
    /// - The map has the entry already: the look-up before may have met a map in use.
    pub(crate) fn keep(
        &self,
        entry: Arc<T>,
        most: usize,
        is_same: impl Fn(&T, &T) -> bool,
    ) -> Result<(), Arc<T>> {
        thread_number::take();
        let place = thread_number::place();
        let Some(segment) = self.segments.get(place.segment) else { return Err(entry) };
        let maps = segment.get_or_init(|| {
            let maps = 0..Place::length_of(place.segment);
            maps.map(|_| CachePadded::new(AtomicRefCell::new(HashTable::new()))).collect()
        });
        let Ok(mut map) = maps[place.index].try_borrow_mut() else { return Err(entry) };
        if map.len() >= most {
            return Err(entry);
        }
        match map.entry(entry.hash(), |kept| is_same(kept, &entry), Hashed::hash) {
            Vacant(place) => place.insert(entry),
            Occupied(_) => return Err(entry),
        };
        Ok(())
    }

    /// Takes the entry that is the one out of the maps of all threads, except those in use right now.
    pub(crate) fn take(
        &self,
        hash: u64,
        is_the_one: impl Fn(&T) -> bool,
        take: impl FnMut(Arc<T>),
    ) {
        let find = |map: &mut HashTable<Arc<T>>| {
            let found = map.find_entry(hash, |entry| is_the_one(entry)).ok()?;
            Some(found.remove().0)
        };
        self.each().filter_map(|mut map| find(&mut map)).for_each(take);
    }

    /// Takes the entries that leave out of the maps of all threads, except those in use right now.
    pub(crate) fn clear(&self, leaves: impl Fn(&T) -> bool, take: impl Fn(Arc<T>)) {
        for mut map in self.each() {
            map.extract_if(|entry| leaves(entry)).for_each(&take);
            shrink(&mut map);
        }
    }

    fn each(&self) -> impl Iterator<Item = AtomicRefMut<'_, HashTable<Arc<T>>>> {
        let maps = self.segments.iter().filter_map(OnceLock::get).flatten();
        maps.filter_map(|map| map.try_borrow_mut().ok())
    }
}
