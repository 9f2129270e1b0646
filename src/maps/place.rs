/// Where the map of a thread is.
///
/// Maps are in segments of 8, 16, 32, … places: no place moves, and memory follows the number of
/// threads.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) segment: usize,
    pub(super) index: usize,
}

const FIRST: usize = 8;

/// Enough for 2<sup>31</sup> threads.
pub(super) const SEGMENTS: usize = 28;

impl Place {
    /// The place of a thread without a number. There is no such segment.
    pub(super) const NONE: Self = Self { segment: usize::MAX, index: 0 };

    pub(super) fn of(number: usize) -> Self {
        let position = number + FIRST;
        let segment = (position.ilog2() - FIRST.ilog2()) as usize;
        Self { segment, index: position - (FIRST << segment) }
    }

    /// How many places the segment has.
    pub(super) fn length_of(segment: usize) -> usize {
        FIRST << segment
    }
}
