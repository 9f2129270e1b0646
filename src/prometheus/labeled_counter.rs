use super::label_values::{LabelValues, Values};
use crate::keyed::{BoundCounter, CounterFamily};

/// One series of a [`FamilyMetric`](super::FamilyMetric), see
/// [`with_label_values`](super::FamilyMetric::with_label_values).
///
/// The methods are named as those of `prometheus::IntCounter`.
pub struct LabeledCounter<'a, const N: usize> {
    family: &'a CounterFamily<LabelValues<N>>,
    values: &'a (dyn Values<N> + 'a),
}

impl<'a, const N: usize> LabeledCounter<'a, N> {
    pub(super) fn new<V: AsRef<str>>(
        family: &'a CounterFamily<LabelValues<N>>,
        values: &'a [V; N],
    ) -> Self {
        Self { family, values }
    }

    /// Adds 1.
    #[inline]
    pub fn inc(&self) {
        self.family.increment(self.values);
    }

    /// Adds `n`, wrapping on overflow.
    #[inline]
    pub fn inc_by(&self, n: u64) {
        self.family.add(self.values, n);
    }

    /// Returns the total.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.family.get(self.values)
    }

    /// Returns a handle to keep. It needs no look-up.
    #[must_use]
    pub fn bind(&self) -> BoundCounter<LabelValues<N>> {
        self.family.counter(self.values)
    }
}
