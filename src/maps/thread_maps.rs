use std::sync::{Arc, OnceLock};

use crossbeam_utils::CachePadded;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry::{Occupied, Vacant};

use super::Hashed;
use super::shards::shrink;
use super::sync::{AtomicRefCell, AtomicRefMut};
use super::thread_number;
use crate::sync::{array, const_fn};

/// A map for each thread: what the thread has found in shared memory, to find it again in memory of
/// its own.
///
/// A thread borrows its map while it uses it. That costs one locked instruction, in a cache line that
/// other threads touch only to take something out. Nothing here waits: a thread that finds its map
/// borrowed does without. That happens while another thread takes something out, and in the code of a
/// key that the map itself calls. A thread that ends leaves its map to the next.
pub(crate) struct ThreadMaps<T> {
    /// Segments of 8, 16, 32, … places: no place moves, and memory follows the number of threads.
    segments: [OnceLock<Box<[Place<T>]>>; SEGMENTS],
}

type Place<T> = CachePadded<AtomicRefCell<HashTable<Arc<T>>>>;

const FIRST: usize = 8;
const SEGMENTS: usize = 28;

impl<T: Hashed> ThreadMaps<T> {
    const_fn! {
        pub(crate) fn new() -> Self {
            Self { segments: array![OnceLock::new(); SEGMENTS] }
        }
    }

    /// The segment and the place in it. No segment is so far out for a thread without a number.
    #[inline]
    fn place(number: usize) -> (usize, usize) {
        let position = number + FIRST;
        let segment = position.ilog2() - FIRST.ilog2();
        (segment as usize, position - (FIRST << segment))
    }

    /// Runs `use_it` on what is in the calling thread's map under a hash and `is_the_one`.
    #[inline]
    pub(crate) fn with<R>(
        &self,
        hash: u64,
        is_the_one: impl Fn(&T) -> bool,
        use_it: impl FnOnce(&Arc<T>) -> R,
    ) -> Option<R> {
        let (segment, place) = Self::place(thread_number::get());
        let map = self.segments.get(segment)?.get()?[place].try_borrow_mut().ok()?;
        map.find(hash, |entry| is_the_one(entry)).map(use_it)
    }

    /// Puts an entry into the calling thread's map.
    ///
    /// Returns it if the map has `most` entries or cannot be used now, and if the entry is there
    /// already: the look-up may have found the map in use.
    pub(crate) fn keep(
        &self,
        entry: Arc<T>,
        most: usize,
        is_same: impl Fn(&T, &T) -> bool,
    ) -> Result<(), Arc<T>> {
        thread_number::take();
        let (segment, place) = Self::place(thread_number::get());
        let Some(places) = self.segments.get(segment) else { return Err(entry) };
        let places = places.get_or_init(|| {
            let places = 0..FIRST << segment;
            places.map(|_| CachePadded::new(AtomicRefCell::new(HashTable::new()))).collect()
        });
        let Ok(mut map) = places[place].try_borrow_mut() else { return Err(entry) };
        if map.len() >= most {
            return Err(entry);
        }
        match map.entry(entry.hash(), |kept| is_same(kept, &entry), Hashed::hash) {
            Vacant(place) => place.insert(entry),
            Occupied(_) => return Err(entry),
        };
        Ok(())
    }

    /// Takes what `is_the_one` out of the maps of all threads. A map that is in use at this moment is
    /// left out.
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

    /// Takes what `leaves` out of the maps of all threads. A map that is in use at this moment is left
    /// out.
    pub(crate) fn clear(&self, leaves: impl Fn(&T) -> bool, take: impl Fn(Arc<T>)) {
        for mut map in self.each() {
            map.extract_if(|entry| leaves(entry)).for_each(&take);
            shrink(&mut map);
        }
    }

    fn each(&self) -> impl Iterator<Item = AtomicRefMut<'_, HashTable<Arc<T>>>> {
        let places = self.segments.iter().filter_map(OnceLock::get).flatten();
        places.filter_map(|place| place.try_borrow_mut().ok())
    }
}
