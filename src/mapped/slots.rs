use std::io;
use std::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
    fence,
};

use super::format::{HEADER, Header, SLOT};
use super::mapping::Mapping;
use super::name::{self, Name};

const WORD: usize = size_of::<u64>();

/// The slots of a mapped file. They are taken in order and never given back.
pub(super) struct Slots {
    map: Mapping,
    header: Header,
}

/// Where a name is, or could be.
pub(super) enum Place {
    Taken(usize),
    Free(usize),
    Full,
}

/// What a taken slot holds when no version of this crate has written it.
#[derive(Debug)]
pub(super) struct Damaged;

impl Slots {
    pub(super) fn new(map: Mapping, header: Header) -> Self {
        Self { map, header }
    }

    pub(super) fn capacity(&self) -> usize {
        self.header.capacity
    }

    /// The id of the counter in `slot`: the file's, then the slot's number.
    pub(super) fn id(&self, slot: usize) -> u128 {
        let file = self.header.id.iter().fold(0, |id, byte| id << 8 | u128::from(*byte));
        file << 32 | slot as u128
    }

    /// Looks at every slot. The error is the offset of the first bytes found damaged.
    pub(super) fn check(&self) -> Result<(), usize> {
        let mut used = false;
        // From the end, because others take slots meanwhile, in order: below a slot that is taken
        // every slot was taken before.
        for slot in (0..self.capacity()).rev() {
            match self.name(slot) {
                Some(Ok(_)) => used = true,
                None if !used => {}
                Some(Err(Damaged)) | None => return Err(HEADER + slot * SLOT),
            }
        }
        Ok(())
    }

    /// The name in `slot`, `None` when it is free.
    pub(super) fn name(&self, slot: usize) -> Option<Result<String, Damaged>> {
        self.is_taken(slot)?;
        Some(Name::from_words(self.name_words(slot)).ok_or(Damaged))
    }

    /// Finds a name. Takes no lock: a slot is taken by one store, after which it never changes.
    pub(super) fn find(&self, name: &Name) -> Place {
        for slot in 0..self.capacity() {
            match self.is_taken(slot) {
                None => return Place::Free(slot),
                Some(state) if state != name.words()[0] => {}
                Some(_) if self.name_words(slot) == name.words() => return Place::Taken(slot),
                Some(_) => {}
            }
        }
        Place::Full
    }

    /// Takes a free slot; only for who holds the file's lock. What a process left there that was
    /// killed in the middle is overwritten.
    pub(super) fn take(&self, slot: usize, name: &Name) {
        let words = name.words();
        self.value(slot).store(0, Relaxed);
        for (at, word) in words.iter().enumerate().skip(1) {
            self.name_word(slot, at).store(*word, Relaxed);
        }
        // Pairs with the fence of `is_taken`: who sees the slot taken sees its name.
        self.name_word(slot, 0).store(words[0], Release);
    }

    /// The value in `slot`.
    pub(super) fn value(&self, slot: usize) -> &AtomicU64 {
        self.map.word(place(slot))
    }

    /// The value in `slot`, also when the mapping is read-only.
    pub(super) fn load(&self, slot: usize) -> u64 {
        let value = self.map.load(place(slot));
        // Pairs with the Release of every addition counted.
        fence(Acquire);
        value
    }

    pub(super) fn flush(&self) -> io::Result<()> {
        self.map.flush()
    }

    /// The first word of the name, if there is one.
    fn is_taken(&self, slot: usize) -> Option<u64> {
        let state = self.map.load(place(slot) + 1);
        // Pairs with the Release of `take`.
        fence(Acquire);
        (state != 0).then_some(state)
    }

    fn name_words(&self, slot: usize) -> [u64; name::WORDS] {
        std::array::from_fn(|at| self.map.load(place(slot) + 1 + at))
    }

    fn name_word(&self, slot: usize, at: usize) -> &AtomicU64 {
        self.map.word(place(slot) + 1 + at)
    }
}

/// Where a slot begins, in words.
fn place(slot: usize) -> usize {
    (HEADER + slot * SLOT) / WORD
}
