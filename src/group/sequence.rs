//! The cells of a run in one row: a sequence lock with one writer.
//!
//! The first cell is the sequence number, the others are the places. The row's owner makes the
//! number odd, writes the places, and makes it even again. A reader that loads the same even number
//! before and after the places has read no operation in part.

use crate::sync::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
    owner_load,
};

/// Lets `operation` write to the places. Only the owner of the cells may call this.
#[inline]
pub(super) fn write(cells: &[AtomicU64], operation: impl Fn(&[AtomicU64])) {
    let Some((sequence, places)) = cells.split_first() else { return };
    let even = owner_load(sequence);
    // Relaxed: the Release of each place carries it.
    sequence.store(even.wrapping_add(1), Relaxed);
    operation(places);
    // Pairs with the Acquire of the sequence in `read`: the places come with it.
    sequence.store(even.wrapping_add(2), Release);
}

/// Copies the places. Returns `false` if an operation came in between.
#[inline]
pub(super) fn read(cells: &[AtomicU64], copy: &mut [u64]) -> bool {
    let Some((sequence, places)) = cells.split_first() else { return true };
    let before = sequence.load(Acquire);
    for (copy, place) in copy.iter_mut().zip(places) {
        // Pairs with the Release of a place: if the copy has an operation's write, the load below
        // sees that the sequence has changed.
        *copy = place.load(Acquire);
    }
    // Relaxed: the Acquire loads of the places come before this load.
    before % 2 == 0 && sequence.load(Relaxed) == before
}

/// Adds `n` to a place, inside an operation.
#[inline]
pub(crate) fn add(place: &AtomicU64, n: u64) {
    place.store(owner_load(place).wrapping_add(n), Release);
}

/// Adds `x` to a place that holds the bits of an `f64`, inside an operation. Zero bits are 0.0.
#[inline]
pub(crate) fn add_float(place: &AtomicU64, x: f64) {
    place.store((f64::from_bits(owner_load(place)) + x).to_bits(), Release);
}
