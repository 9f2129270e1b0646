use std::sync::Arc;

use super::invalid_bounds::{InvalidBounds, MAX_BOUNDS};

/// The upper bounds of all buckets but the last: finite and ascending.
pub(super) struct Bounds {
    all: Arc<[f64]>,
    /// The same bounds, padded with infinity to a multiple of four, because the processor compares
    /// several at once.
    padded: Box<[f64]>,
}

/// The largest number of bounds for which comparing with each is faster than a binary search.
const FEW: usize = 32;

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
        let mut padded = all.clone();
        padded.resize(all.len().next_multiple_of(4), f64::INFINITY);
        Ok(Self { all: all.into(), padded: padded.into() })
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
        if self.all.len() > FEW {
            return self.all.partition_point(|&bound| bound < value);
        }
        // The bounds ascend, so those below `value` come first. Counting them takes no branch, and
        // the compiled code compares several at a time.
        self.padded.iter().map(|&bound| usize::from(bound < value)).sum()
    }
}
