use std::borrow::Borrow;
use std::hash::{Hash, Hasher};

/// The values of a family's labels, in the order of their names.
///
/// The key of a [`FamilyMetric`](super::FamilyMetric) that was made by
/// [`register`](super::FamilyMetric::register).
#[derive(Clone, Debug)]
pub struct LabelValues<const N: usize>([String; N]);

impl<const N: usize> LabelValues<N> {
    pub(super) fn to_values(&self) -> [String; N] {
        self.0.clone()
    }
}

/// Label values in any borrowed form, so that a look-up copies no value.
pub(super) trait Values<const N: usize> {
    fn value(&self, label: usize) -> &str;
}

impl<const N: usize> Values<N> for LabelValues<N> {
    fn value(&self, label: usize) -> &str {
        &self.0[label]
    }
}

impl<V: AsRef<str>, const N: usize> Values<N> for [V; N] {
    fn value(&self, label: usize) -> &str {
        self[label].as_ref()
    }
}

impl<const N: usize> PartialEq for dyn Values<N> + '_ {
    fn eq(&self, other: &Self) -> bool {
        (0..N).all(|label| self.value(label) == other.value(label))
    }
}

impl<const N: usize> Eq for dyn Values<N> + '_ {}

impl<const N: usize> Hash for dyn Values<N> + '_ {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // A `str` ends its hash with a byte that no `str` contains, so the values stay apart.
        (0..N).for_each(|label| self.value(label).hash(state));
    }
}

impl<const N: usize> ToOwned for dyn Values<N> + '_ {
    type Owned = LabelValues<N>;

    fn to_owned(&self) -> LabelValues<N> {
        LabelValues(std::array::from_fn(|label| self.value(label).to_owned()))
    }
}

impl<'a, const N: usize> Borrow<dyn Values<N> + 'a> for LabelValues<N> {
    fn borrow(&self) -> &(dyn Values<N> + 'a) {
        self
    }
}

impl<const N: usize> PartialEq for LabelValues<N> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<const N: usize> Eq for LabelValues<N> {}

impl<const N: usize> Hash for LabelValues<N> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let values: &dyn Values<N> = self;
        values.hash(state);
    }
}
