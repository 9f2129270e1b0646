use std::sync::Arc;

use super::Quantile;

/// What a [`Histogram`](super::Histogram) has counted: buckets, count and sum of the same
/// observations.
#[derive(Clone, Debug, PartialEq)]
pub struct HistogramSnapshot {
    bounds: Arc<[f64]>,
    buckets: Vec<u64>,
    sum: f64,
}

impl HistogramSnapshot {
    /// `buckets` has one count for each bound, and one for the last bucket.
    pub(super) fn new(bounds: Arc<[f64]>, buckets: Vec<u64>, sum: f64) -> Self {
        Self { bounds, buckets, sum }
    }

    /// Returns the number of observations.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.buckets.iter().fold(0, |count, &n| count.wrapping_add(n))
    }

    /// Returns the sum of the observed values, rounded as `f64` additions are.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.sum
    }

    /// Returns the upper bound of each bucket and the number of observations in it, without those
    /// of lower buckets. The last bound is infinity.
    pub fn buckets(&self) -> impl Iterator<Item = (f64, u64)> {
        let bounds = self.bounds.iter().copied().chain([f64::INFINITY]);
        bounds.zip(self.buckets.iter().copied())
    }

    /// Returns what the buckets tell about the `q`-quantile. This is the smallest observation such
    /// that at least a share `q` of all observations is not above it. For the median, `q` is 0.5.
    ///
    /// Returns `None` if nothing was observed, or if `q` is not in `0.0..=1.0`.
    ///
    /// # Examples
    ///
    /// ```
    /// use hotcount::Histogram;
    ///
    /// let latency = Histogram::with_bounds(&[1.0, 2.0, 4.0])?;
    /// for value in [0.5, 1.5, 1.8, 3.0] {
    ///     latency.observe(value);
    /// }
    /// // The second of four observations is the first of two in the bucket from 1 to 2.
    /// let median = latency.snapshot().quantile(0.5).unwrap();
    /// assert_eq!(median.range(), 1.0..=2.0);
    /// assert_eq!(median.estimate(), 1.5);
    /// assert_eq!(median.error(), 0.5);
    /// # Ok::<(), hotcount::InvalidBounds>(())
    /// ```
    #[must_use]
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn quantile(&self, q: f64) -> Option<Quantile> {
        let count = self.count();
        if count == 0 || !(0.0..=1.0).contains(&q) {
            return None;
        }
        let rank = q * count as f64;
        // The quantile is this observation, counted from 1 in ascending order.
        let nth = (rank.ceil() as u64).clamp(1, count);
        let (mut low, mut below) = (f64::NEG_INFINITY, 0_u64);
        for (high, in_bucket) in self.buckets() {
            let up_to = below.saturating_add(in_bucket);
            if nth <= up_to {
                let share = (rank - below as f64) / in_bucket as f64;
                return Some(Quantile::new(self.estimate(low, high, share), low..=high));
            }
            (low, below) = (high, up_to);
        }
        None
    }

    /// Returns the value at `share` of the way through a bucket.
    #[allow(clippy::cast_precision_loss)]
    fn estimate(&self, low: f64, high: f64, share: f64) -> f64 {
        match (low.is_finite(), high.is_finite()) {
            (true, true) => low + (high - low) * share,
            (false, true) if high > 0.0 => high * share,
            (false, true) => high,
            (true, false) => low,
            (false, false) => self.sum / self.count() as f64,
        }
    }
}
