use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Release},
    fence,
};

use super::error::Failure;
use super::error_kind::ErrorKind;
use super::format::{self, Header};
use super::mapping::{Mapping, Word};
use super::name::{self, Name};
use super::open::Access;
use super::slot::{self, STATE, VALUE};

/// The slots of a mapped file. A slot is free or taken, and a taken slot stays taken.
///
/// Slots are taken in order. Only a power cut leaves a free slot below a taken one, because pages
/// reach the disk in any order. No `sync` had confirmed the name that was there, so the next new
/// name gets the slot.
pub(super) struct Slots {
    mapping: Arc<Mapping>,
    header: Header,
    /// Only below this slot can a free slot be followed by a taken one.
    gaps_below: usize,
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
        let mut slots = Self { mapping: Arc::new(mapping), header, gaps_below: 0 };
        slots.gaps_below = slots.check()?;
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
            let Some(state) = self.state(slot) else { continue };
            if Name::from_words(self.name_words(slot)).is_none() {
                return Err(ErrorKind::DamagedSlot { offset: slot::offset(slot) });
            }
            taken.push((state, slot));
        }
        let end = taken.first().map_or(0, |(_, last)| last + 1);
        self.check_for_repeated_names(taken)?;
        Ok(end)
    }

    /// Checks taken slots, given with their states.
    fn check_for_repeated_names(&self, mut taken: Vec<(u64, usize)>) -> Result<(), ErrorKind> {
        taken.sort_unstable();
        // Names are compared only if length and checksum are the same, which is rare.
        for same in taken.chunk_by_mut(|one, other| one.0 == other.0) {
            same.sort_by_cached_key(|(_, slot)| self.name_words(*slot));
            for pair in same.windows(2) {
                if self.name_words(pair[0].1) == self.name_words(pair[1].1) {
                    let name = self.name(pair[0].1).and_then(Result::ok).unwrap_or_default();
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
            .take_while(|(slot, name)| name.is_some() || *slot < self.gaps_below)
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
                    if slot >= self.gaps_below {
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
        for (word, value) in slot::stores(name) {
            // Release: a process that sees a store sees those before it. The partner is the fence
            // in `state`.
            self.word(slot, word).store(value, Release);
        }
    }

    /// The word that counts in `slot`.
    pub(super) fn counter(&self, slot: usize) -> Word {
        Word::new(Arc::clone(&self.mapping), slot::index(slot, VALUE))
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
        self.mapping.load(slot::index(slot, word))
    }

    fn word(&self, slot: usize, word: usize) -> &AtomicU64 {
        self.mapping.word(slot::index(slot, word))
    }
}
