use std::ops::RangeInclusive;

/// What a [`HistogramSnapshot`](super::HistogramSnapshot) knows of a quantile: a range in which it
/// lies, and an estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantile {
    estimate: f64,
    range: RangeInclusive<f64>,
}

impl Quantile {
    pub(super) fn new(estimate: f64, range: RangeInclusive<f64>) -> Self {
        Self { estimate, range }
    }

    /// Returns a value in the quantile's bucket, as if the observations were spread evenly there.
    /// Prometheus's `histogram_quantile` returns the same.
    ///
    /// A bucket that is open on one side has no even spread:
    ///
    /// - The lowest bucket is taken to begin at 0 if its bound is positive. Otherwise the estimate
    ///   is its bound.
    /// - In the bucket above the highest bound, the estimate is that bound.
    /// - In a histogram without bounds, the estimate is the mean.
    #[must_use]
    pub fn estimate(&self) -> f64 {
        self.estimate
    }

    /// Returns the bounds of the quantile's bucket. **The quantile is always inside**, and above
    /// the lower end.
    ///
    /// The range of the lowest bucket begins at negative infinity. The range of the highest bucket
    /// ends at infinity.
    #[must_use]
    pub fn range(&self) -> RangeInclusive<f64> {
        self.range.clone()
    }

    /// Returns the largest possible distance between the estimate and the quantile. It is infinite
    /// in the lowest and in the highest bucket.
    #[must_use]
    pub fn error(&self) -> f64 {
        (self.estimate - self.range.start()).max(self.range.end() - self.estimate)
    }
}
