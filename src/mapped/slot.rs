//! The words of one slot.

use std::iter;

use super::layout::{HEADER, SLOT};
use super::name::Name;

/// The word that counts.
pub(super) const VALUE: usize = 0;
/// The word that is zero in a free slot: the first word of the name. The others follow it.
pub(super) const STATE: usize = 1;

const WORD: usize = size_of::<u64>();

/// Where a slot starts in the file, in bytes.
pub(super) fn offset(slot: usize) -> usize {
    HEADER + slot * SLOT
}

/// Where a word of a slot is in the file, in words.
pub(super) fn index(slot: usize, word: usize) -> usize {
    offset(slot) / WORD + word
}

/// The stores that take a slot, as word and value, in their order.
///
/// The state comes last: up to then the slot is free, and after it other processes add to the value.
pub(super) fn stores(name: &Name) -> impl Iterator<Item = (usize, u64)> {
    let [state, bytes @ ..] = name.words();
    let bytes = bytes.into_iter().enumerate().map(|(word, bytes)| (STATE + 1 + word, bytes));
    iter::once((VALUE, 0)).chain(bytes).chain(iter::once((STATE, state)))
}

#[cfg(test)]
mod tests {
    use super::super::name::MAX;
    use super::*;

    #[test]
    fn a_slot_is_free_until_the_last_store_and_whole_after_it() {
        let longest = "x".repeat(MAX);
        for name in ["hits", &longest] {
            let name = Name::new(name).expect("a name");
            // A process that was killed while it took the slot has left anything but a state.
            let mut slot = [u64::MAX; SLOT / WORD];
            slot[STATE] = 0;
            for (done, (word, value)) in stores(&name).enumerate() {
                assert_eq!(slot[STATE], 0, "the slot is taken after {done} stores");
                slot[word] = value;
            }
            assert_eq!(slot[VALUE], 0);
            assert_eq!(slot[STATE..], name.words());
        }
    }
}
