use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::{MetricType, TypedMetric};

use crate::Histogram;

/// A [`Histogram`] as a metric of type histogram: by value, `&'static` or `Arc`.
///
/// Buckets, count and sum of a page are of the same observations. An observation costs what the
/// histogram's costs. Encoding costs a [`snapshot`](Histogram::snapshot).
///
/// In a [`Family`], the default is a histogram with
/// [the default bounds](Histogram::DEFAULT_BOUNDS). A constructor gives it others:
///
/// ```
/// use std::sync::Arc;
///
/// use hotcount::{Histogram, prometheus_client::HistogramMetric};
/// use prometheus_client::metrics::family::Family;
///
/// fn sizes() -> HistogramMetric<Arc<Histogram>> {
///     let powers = Histogram::with_exponential_bounds(64.0, 4.0, 8).expect("they ascend");
///     HistogramMetric::new(Arc::new(powers))
/// }
/// let by_path = Family::<Vec<(String, String)>, _, fn() -> _>::new_with_constructor(sizes);
/// by_path.get_or_create(&vec![("path".to_string(), "/".to_string())]).observe(512.0);
/// ```
///
/// [`Family`]: prometheus_client::metrics::family::Family
#[derive(Clone, Debug, Default)]
pub struct HistogramMetric<H>(H);

impl<H> HistogramMetric<H> {
    /// Makes a metric of `histogram`.
    pub const fn new(histogram: H) -> Self {
        Self(histogram)
    }
}

impl<H> Deref for HistogramMetric<H> {
    type Target = H;

    fn deref(&self) -> &H {
        &self.0
    }
}

impl<H> TypedMetric for HistogramMetric<H> {
    const TYPE: MetricType = MetricType::Histogram;
}

impl<H: Borrow<Histogram>> EncodeMetric for HistogramMetric<H> {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        let snapshot = self.0.borrow().snapshot();
        let buckets: Vec<_> = snapshot.buckets().collect();
        encoder.encode_histogram::<NoLabelSet>(snapshot.sum(), snapshot.count(), &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}
