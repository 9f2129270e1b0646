//! Counters of this crate in a [`prometheus_client`] registry (feature `prometheus-client`).
//!
//! # Examples
//!
//! ```
//! use std::sync::Arc;
//!
//! use hotcount::prometheus_client::{CounterMetric, GaugeMetric, HistogramMetric};
//! use hotcount::{Counter, Histogram, ShardedCounter, UpDownCounter};
//! use prometheus_client::{encoding::text::encode, metrics::family::Family, registry::Registry};
//!
//! static HITS: ShardedCounter = ShardedCounter::new();
//! static IN_FLIGHT: UpDownCounter = UpDownCounter::new();
//! type Labels = [(&'static str, &'static str); 1];
//!
//! let by_path = Family::<Labels, CounterMetric<Arc<ShardedCounter>>>::default();
//! let latency = Family::<Labels, HistogramMetric<Arc<Histogram>>>::default();
//! let mut registry = Registry::default();
//! registry.register("hits", "Pages served", CounterMetric::new(&HITS));
//! registry.register("in_flight", "Requests under way", GaugeMetric::new(&IN_FLIGHT));
//! registry.register("hits_by_path", "Pages served", by_path.clone());
//! registry.register("latency", "Time to the answer", latency.clone());
//!
//! HITS.add(2);
//! IN_FLIGHT.increment();
//! by_path.get_or_create(&[("path", "/")]).increment();
//! latency.get_or_create(&[("path", "/")]).observe(0.75);
//!
//! let mut page = String::new();
//! encode(&mut page, &registry)?;
//! assert!(page.contains("# TYPE hits counter\nhits_total 2\n"));
//! assert!(page.contains("# TYPE in_flight gauge\nin_flight 1\n"));
//! assert!(page.contains("hits_by_path_total{path=\"/\"} 1\n"));
//! assert!(page.contains("latency_bucket{le=\"1.0\",path=\"/\"} 1\n"));
//! # Ok::<(), std::fmt::Error>(())
//! ```

mod counter_metric;
#[cfg(feature = "keyed")]
mod family_metric;
mod gauge_metric;
mod histogram_metric;
#[cfg(feature = "mapped")]
mod view_metrics;

pub use counter_metric::CounterMetric;
#[cfg(feature = "keyed")]
#[cfg_attr(docsrs, doc(cfg(feature = "keyed")))]
pub use family_metric::FamilyMetric;
pub use gauge_metric::GaugeMetric;
pub use histogram_metric::HistogramMetric;
#[cfg(feature = "mapped")]
#[cfg_attr(docsrs, doc(cfg(feature = "mapped")))]
pub use view_metrics::ViewMetrics;
