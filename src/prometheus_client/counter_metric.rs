use std::fmt;
use std::ops::Deref;

use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::{MetricType, TypedMetric};

use crate::Counter;

/// Any [`Counter`] as a metric of type counter: by value, `&'static` or `Arc`.
///
/// The counter of `prometheus_client` needs a storage whose additions return the former value. A
/// sharded counter cannot do that. This metric needs only a [`Counter`].
///
/// An addition costs what the counter's costs. Encoding costs a `get`.
#[derive(Clone, Debug, Default)]
pub struct CounterMetric<C>(C);

impl<C> CounterMetric<C> {
    /// Makes a metric of `counter`.
    pub const fn new(counter: C) -> Self {
        Self(counter)
    }
}

impl<C> Deref for CounterMetric<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.0
    }
}

impl<C> TypedMetric for CounterMetric<C> {
    const TYPE: MetricType = MetricType::Counter;
}

impl<C: Counter> EncodeMetric for CounterMetric<C> {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        encoder.encode_counter::<NoLabelSet, _, u64>(&self.0.get(), None)
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}
