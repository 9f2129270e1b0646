use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use prometheus_client::encoding::{EncodeMetric, MetricEncoder};
use prometheus_client::metrics::{MetricType, TypedMetric};

use crate::UpDownCounter;

/// An [`UpDownCounter`] as a metric of type gauge: by value, `&'static` or `Arc`.
///
/// A change costs what the counter's costs. Encoding costs a `get`.
#[derive(Clone, Debug, Default)]
pub struct GaugeMetric<C>(C);

impl<C> GaugeMetric<C> {
    /// Makes a metric of `counter`.
    pub const fn new(counter: C) -> Self {
        Self(counter)
    }
}

impl<C> Deref for GaugeMetric<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.0
    }
}

impl<C> TypedMetric for GaugeMetric<C> {
    const TYPE: MetricType = MetricType::Gauge;
}

impl<C: Borrow<UpDownCounter>> EncodeMetric for GaugeMetric<C> {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        encoder.encode_gauge(&self.0.borrow().get())
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}
