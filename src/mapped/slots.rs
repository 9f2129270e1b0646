use std::fs::File;
use std::io;
use std::iter;
use std::sync::Arc;
use std::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Release},
    fence,
};

use super::error::Failure;
use super::error_kind::ErrorKind;
use super::format::{self, HEADER, Header, SLOT};
use super::mapping::{Mapping, Word};
use super::name::{self, Name};
use super::open::Access;

const WORD: usize = size_of::<u64>();
/// The words of a slot, in order: the value, the name's length and checksum, the name's bytes.
const VALUE: usize = 0;
const STATE: usize = 1;

/// The slots of a mapped file. A slot is free or taken, and a taken slot stays taken.
///
/// Slots are taken in order. Only a power cut leaves a free slot below a taken one, because pages
/// reach the disk in any order. No `sync` had confirmed the name that was there, so the next new
/// name gets the slot.
pub(super) struct Slots {
    mapping: Arc<Mapping>,
    header: Header,
    /// Below this slot, a free slot does not end a search.
    searched_through: usize,
}

/// Where a search for a name ended.
pub(super) enum Search {
    /// The name has this slot.
    Found(usize),
    /// No slot has the name. This is the first free one.
    Free(usize),
    /// No slot has the name, and none is free.
    Full,
}

/// A taken slot without a name that this crate can have written.
pub(super) struct DamagedName;

impl Slots {
    /// Maps a file, if it is whole.
    pub(super) fn map(file: &File, access: Access) -> Result<Self, Failure> {
        let header = format::read(file)?;
        let mapping = Mapping::new(file, header.file_length(), access == Access::ReadAndWrite)?;
        let mut slots = Self { mapping: Arc::new(mapping), header, searched_through: 0 };
        slots.searched_through = slots.check()?;
        Ok(slots)
    }

    pub(super) fn capacity(&self) -> usize {
        self.header.capacity
    }

    /// The length of the file in bytes.
    pub(super) fn file_length(&self) -> u64 {
        self.header.file_length()
    }

    /// The id of the counter in `slot`: the file's part, then the number of the slot.
    pub(super) fn id(&self, slot: usize) -> u128 {
        let file = self.header.id.iter().fold(0, |id, byte| id << 8 | u128::from(*byte));
        file << 32 | slot as u128
    }

    /// Checks every slot. Returns the number of the slots up to the last taken one.
    fn check(&self) -> Result<usize, ErrorKind> {
        let mut taken = Vec::new();
        // From the end, because other processes take slots meanwhile: each slot above the first
        // taken one found here was free, so from there on they are taken without a gap.
        for slot in (0..self.capacity()).rev() {
            match self.name(slot) {
                None => {}
                Some(Ok(_)) => taken.push(slot),
                Some(Err(DamagedName)) => {
                    return Err(ErrorKind::DamagedSlot { offset: HEADER + slot * SLOT });
                }
            }
        }
        let end = taken.first().map_or(0, |last| last + 1);
        self.check_for_repeated_names(taken)?;
        Ok(end)
    }

    fn check_for_repeated_names(&self, mut taken: Vec<usize>) -> Result<(), ErrorKind> {
        let state = |slot: &usize| self.load(*slot, STATE);
        taken.sort_by_cached_key(state);
        // Names are compared only if length and checksum are the same, which is rare.
        for same in taken.chunk_by_mut(|one, other| state(one) == state(other)) {
            same.sort_by_cached_key(|slot| self.name_words(*slot));
            for pair in same.windows(2) {
                if self.name_words(pair[0]) == self.name_words(pair[1]) {
                    let name = self.name(pair[0]).and_then(Result::ok).unwrap_or_default();
                    return Err(ErrorKind::RepeatedName { name });
                }
            }
        }
        Ok(())
    }

    /// The names and values of the taken slots, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Result<String, DamagedName>, u64)> + '_ {
        let named = |slot| (slot, self.name(slot));
        (0..self.capacity())
            .map(named)
            .take_while(|(slot, name)| name.is_some() || *slot < self.searched_through)
            .filter_map(|(slot, name)| Some((name?, self.value(slot))))
    }

    /// The name in `slot`, `None` if it is free.
    fn name(&self, slot: usize) -> Option<Result<String, DamagedName>> {
        self.state(slot)?;
        Some(Name::from_words(self.name_words(slot)).ok_or(DamagedName))
    }

    /// Searches a name in the slots `from` on. Takes no lock: a slot is taken by one store, and its
    /// name never changes after that.
    pub(super) fn find(&self, name: &Name, from: usize) -> Search {
        let mut free = None;
        for slot in from..self.capacity() {
            match self.state(slot) {
                None => {
                    let first = *free.get_or_insert(slot);
                    if slot >= self.searched_through {
                        return Search::Free(first);
                    }
                }
                Some(state) if state != name.words()[0] => {}
                Some(_) if self.name_words(slot) == name.words() => return Search::Found(slot),
                Some(_) => {}
            }
        }
        free.map_or(Search::Full, Search::Free)
    }

    /// Takes a free slot. The caller holds the file's lock. If a process was killed in the middle
    /// of this, the slot is still free and the next call writes over what is there.
    pub(super) fn take(&self, slot: usize, name: &Name) {
        for (word, value) in stores(name) {
            // Release: a process that sees a store sees those before it. The partner is the fence
            // in `state`.
            self.word(slot, word).store(value, Release);
        }
    }

    /// The word that counts in `slot`.
    pub(super) fn counter(&self, slot: usize) -> Word {
        Word::new(Arc::clone(&self.mapping), index(slot, VALUE))
    }

    /// The value in `slot`, also of a read-only mapping.
    pub(super) fn value(&self, slot: usize) -> u64 {
        let value = self.load(slot, VALUE);
        // Pairs with the Release of every addition counted.
        fence(Acquire);
        value
    }

    pub(super) fn flush(&self) -> io::Result<()> {
        self.mapping.flush()
    }

    /// The word that says that `slot` is taken, `None` if it is free.
    fn state(&self, slot: usize) -> Option<u64> {
        let state = self.load(slot, STATE);
        // Pairs with the Release of `take`: if the slot is taken, its name is visible.
        fence(Acquire);
        (state != 0).then_some(state)
    }

    fn name_words(&self, slot: usize) -> [u64; name::WORDS] {
        std::array::from_fn(|word| self.load(slot, STATE + word))
    }

    fn load(&self, slot: usize, word: usize) -> u64 {
        self.mapping.load(index(slot, word))
    }

    fn word(&self, slot: usize, word: usize) -> &AtomicU64 {
        self.mapping.word(index(slot, word))
    }
}

/// Where a word of a slot is in the file, in words.
fn index(slot: usize, word: usize) -> usize {
    (HEADER + slot * SLOT) / WORD + word
}

/// The stores that take a slot, as word and value, in their order.
///
/// The state comes last: up to then the slot is free, and after it other processes add to the value.
fn stores(name: &Name) -> impl Iterator<Item = (usize, u64)> {
    let [state, bytes @ ..] = name.words();
    let bytes = bytes.into_iter().enumerate().map(|(word, bytes)| (STATE + 1 + word, bytes));
    iter::once((VALUE, 0)).chain(bytes).chain(iter::once((STATE, state)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_free_until_the_last_store_and_whole_after_it() {
        let longest = "x".repeat(name::MAX);
        for name in ["hits", &longest] {
            let name = Name::new(name).expect("a name");
            let stores: Vec<_> = stores(&name).collect();
            // A process that was killed here before has left anything but a state.
            let mut slot = [u64::MAX; SLOT / WORD];
            slot[STATE] = 0;
            for (done, (word, value)) in stores.iter().enumerate() {
                assert_eq!(slot[STATE], 0, "the slot is taken after {done} stores");
                slot[*word] = *value;
            }
            assert_eq!(slot[VALUE], 0);
            assert_eq!(slot[STATE..], name.words());
        }
    }
}
