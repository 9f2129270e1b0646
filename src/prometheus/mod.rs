//! Counters of this crate in a registry of the crate [`prometheus`] (feature `prometheus`).
//!
//! A program that counts with that crate's macros changes the types of its metrics and how it makes
//! them. The lines that count stay. Labels need the feature `keyed`.
//!
//! ```diff
//!  use std::sync::LazyLock;
//!
//! -use prometheus::{Histogram, IntCounter, IntCounterVec, IntGauge, TextEncoder};
//! -use prometheus::{register_histogram, register_int_counter};
//! -use prometheus::{register_int_counter_vec, register_int_gauge};
//! +use hotcount::Histogram;
//! +use hotcount::prometheus::{CounterMetric, FamilyMetric, GaugeMetric, HistogramMetric};
//! +use prometheus::TextEncoder;
//!
//! -static HITS: LazyLock<IntCounter> =
//! -    LazyLock::new(|| register_int_counter!("hits_total", "Pages served").unwrap());
//! -static IN_FLIGHT: LazyLock<IntGauge> =
//! -    LazyLock::new(|| register_int_gauge!("in_flight", "Requests under way").unwrap());
//! -static REQUESTS: LazyLock<IntCounterVec> = LazyLock::new(|| {
//! -    register_int_counter_vec!("requests_total", "Requests", &["route", "status"]).unwrap()
//! +static HITS: LazyLock<CounterMetric> =
//! +    LazyLock::new(|| CounterMetric::register("hits_total", "Pages served").unwrap());
//! +static IN_FLIGHT: LazyLock<GaugeMetric> =
//! +    LazyLock::new(|| GaugeMetric::register("in_flight", "Requests under way").unwrap());
//! +static REQUESTS: LazyLock<FamilyMetric<2>> = LazyLock::new(|| {
//! +    FamilyMetric::register("requests_total", "Requests", ["route", "status"]).unwrap()
//!  });
//! -static LATENCY: LazyLock<Histogram> =
//! -    LazyLock::new(|| register_histogram!("latency_seconds", "Time to answer").unwrap());
//! +static LATENCY: LazyLock<HistogramMetric> = LazyLock::new(|| {
//! +    HistogramMetric::register("latency_seconds", "Time to answer", Histogram::default()).unwrap()
//! +});
//!
//!  fn main() -> prometheus::Result<()> {
//!      IN_FLIGHT.inc();
//!      HITS.inc();
//!      HITS.inc_by(2);
//!      REQUESTS.with_label_values(&["/", "200"]).inc();
//!      LATENCY.observe(0.25);
//!      IN_FLIGHT.dec();
//!      println!("{} hits", HITS.get());
//!      println!("{}", TextEncoder::new().encode_to_string(&prometheus::gather())?);
//!      Ok(())
//!  }
//! ```
//!
//! A counter that is a plain `static` needs neither a `LazyLock` nor an `Arc`. Give it to
//! [`CounterMetric::new`] by reference, and register the metric when the program starts.

mod counter_metric;
mod description;
#[cfg(feature = "keyed")]
mod family_metric;
mod gauge_metric;
mod histogram_metric;
#[cfg(feature = "keyed")]
mod label_values;
#[cfg(feature = "keyed")]
mod labeled_counter;
mod proto;
#[cfg(feature = "mapped")]
mod view_metrics;

pub use counter_metric::CounterMetric;
#[cfg(feature = "keyed")]
#[cfg_attr(docsrs, doc(cfg(feature = "keyed")))]
pub use family_metric::FamilyMetric;
pub use gauge_metric::GaugeMetric;
pub use histogram_metric::HistogramMetric;
#[cfg(feature = "keyed")]
#[cfg_attr(docsrs, doc(cfg(feature = "keyed")))]
pub use label_values::LabelValues;
#[cfg(feature = "keyed")]
#[cfg_attr(docsrs, doc(cfg(feature = "keyed")))]
pub use labeled_counter::LabeledCounter;
#[cfg(feature = "mapped")]
#[cfg_attr(docsrs, doc(cfg(feature = "mapped")))]
pub use view_metrics::ViewMetrics;
