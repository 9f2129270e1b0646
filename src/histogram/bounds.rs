use std::sync::Arc;

use super::invalid_bounds::{InvalidBounds, MAX_BOUNDS};

/// The upper bounds of all buckets but the last: finite and ascending.
///
/// Few bounds lie in one half octave, and a value's half octave is a few bits of the value. A table
/// leads from the half octave to its first bound, so that few comparisons remain.
pub(super) struct Bounds {
    all: Arc<[f64]>,
    /// The same, and infinity, which is below no value.
    padded: Box<[f64]>,
    /// For each half octave that has bounds, those between, and one more: the number of bounds before.
    before: Box<[u16]>,
    first: i64,
    /// The largest number of bounds in a half octave, or `usize::MAX` if there is no table.
    most: usize,
}

/// The largest number of bounds in a half octave for which comparing with each is faster than a
/// binary search.
const FEW: usize = 4;

/// The number of a value's half octave: the exponent and one more bit. The numbers ascend with values
/// above zero. Those of negative values are below all of these.
#[inline]
fn half_octave(value: f64) -> i64 {
    i64::from_ne_bytes(value.to_ne_bytes()) >> (f64::MANTISSA_DIGITS - 2)
}

impl Bounds {
    /// Checks the bounds.
    pub(super) fn new(bounds: impl Iterator<Item = f64>) -> Result<Self, InvalidBounds> {
        let mut all = Vec::new();
        for bound in bounds {
            let index = all.len();
            if index == MAX_BOUNDS {
                return Err(InvalidBounds::TooMany);
            }
            if !bound.is_finite() {
                return Err(InvalidBounds::NotFinite { index, bound });
            }
            if let Some(&before) = all.last().filter(|before| **before >= bound) {
                return Err(InvalidBounds::NotAscending { index, bound, before });
            }
            all.push(bound);
        }
        let (before, first, most) = table(&all);
        let padded = all.iter().copied().chain([f64::INFINITY]).collect();
        Ok(Self { all: all.into(), padded, before, first, most })
    }

    /// Returns the bounds.
    pub(super) fn all(&self) -> &Arc<[f64]> {
        &self.all
    }

    /// Returns the number of buckets.
    #[inline]
    pub(super) fn buckets(&self) -> usize {
        self.all.len() + 1
    }

    /// Returns the index of the bucket for `value`, which is not NaN. It is the index of the first
    /// bound that is not below `value`.
    #[inline]
    pub(super) fn bucket_of(&self, value: f64) -> usize {
        if self.most > FEW {
            return self.all.partition_point(|&bound| bound < value);
        }
        // Below the first half octave no bound is below the value; after the last one, all are.
        let place = usize::try_from(half_octave(value) - self.first).unwrap_or(0);
        let mut bucket = usize::from(self.before[place.min(self.before.len() - 1)]);
        for _ in 0..self.most {
            bucket += usize::from(self.padded[bucket] < value);
        }
        bucket
    }
}

/// Returns the number of bounds before each half octave, the first one, and the most bounds in one.
fn table(all: &[f64]) -> (Box<[u16]>, i64, usize) {
    let [first, last] = [all.first(), all.last()].map(|bound| bound.copied().unwrap_or(1.0));
    if first <= 0.0 {
        return ([0].into(), 0, usize::MAX); // the numbers of negative values do not ascend
    }
    let (first, last) = (half_octave(first), half_octave(last));
    let before = |end| all.partition_point(|&bound| half_octave(bound) < end);
    let before: Vec<_> = (first..=last + 1).map(before).collect();
    let most = before.windows(2).map(|two| two[1] - two[0]).max().unwrap_or(0);
    let before = before.into_iter().map(|n| u16::try_from(n).expect("few bounds")).collect();
    (before, first, most)
}
