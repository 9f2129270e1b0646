//! Our counters in a [`prometheus_client`] registry (feature `prometheus-client`).
//!
//! # Examples
//!
//! ```
//! use std::sync::Arc;
//!
//! use hotcount::prometheus_client::{CounterMetric, GaugeMetric};
//! use hotcount::{Counter, ShardedCounter, UpDownCounter};
//! use prometheus_client::{encoding::text::encode, metrics::family::Family, registry::Registry};
//!
//! static HITS: ShardedCounter = ShardedCounter::new();
//! static IN_FLIGHT: UpDownCounter = UpDownCounter::new();
//! type Labels = [(&'static str, &'static str); 1];
//!
//! let by_path = Family::<Labels, CounterMetric<Arc<ShardedCounter>>>::default();
//! let mut registry = Registry::default();
//! registry.register("hits", "Pages served", CounterMetric::new(&HITS));
//! registry.register("in_flight", "Requests under way", GaugeMetric::new(&IN_FLIGHT));
//! registry.register("hits_by_path", "Pages served", by_path.clone());
//!
//! HITS.add(2);
//! IN_FLIGHT.increment();
//! by_path.get_or_create(&[("path", "/")]).increment();
//!
//! let mut page = String::new();
//! encode(&mut page, &registry)?;
//! assert!(page.contains("# TYPE hits counter\nhits_total 2\n"));
//! assert!(page.contains("# TYPE in_flight gauge\nin_flight 1\n"));
//! assert!(page.contains("hits_by_path_total{path=\"/\"} 1\n"));
//! # Ok::<(), std::fmt::Error>(())
//! ```

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::{MetricType, TypedMetric};

use crate::{Counter, UpDownCounter};

/// A [`Counter`] as a metric of type counter: ours, by value, `&'static` or `Arc`.
///
/// `prometheus_client`'s own counter asks of its storage that an addition return the value before,
/// which no sharded storage can. This one asks for a [`Counter`], no more. It costs what the
/// counter costs; encoding costs a `get`.
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

/// An [`UpDownCounter`] as a metric of type gauge: by value, `&'static` or `Arc`.
///
/// It costs what the counter costs; encoding costs a `get`.
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
