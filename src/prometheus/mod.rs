//! Our counters in a registry of the crate [`prometheus`] (feature `prometheus`).
//!
//! A program that counts with that crate's macros changes the type of its metrics and how they are
//! made. The lines that count stay:
//!
//! ```diff
//!  use std::sync::LazyLock;
//!
//! -use prometheus::{IntCounter, IntGauge, TextEncoder};
//! -use prometheus::{register_int_counter, register_int_gauge};
//! +use hotcount::prometheus::{CounterMetric, GaugeMetric};
//! +use prometheus::TextEncoder;
//!
//! -static HITS: LazyLock<IntCounter> =
//! -    LazyLock::new(|| register_int_counter!("hits_total", "Pages served").unwrap());
//! -static IN_FLIGHT: LazyLock<IntGauge> =
//! -    LazyLock::new(|| register_int_gauge!("in_flight", "Requests under way").unwrap());
//! +static HITS: LazyLock<CounterMetric> =
//! +    LazyLock::new(|| CounterMetric::register("hits_total", "Pages served").unwrap());
//! +static IN_FLIGHT: LazyLock<GaugeMetric> =
//! +    LazyLock::new(|| GaugeMetric::register("in_flight", "Requests under way").unwrap());
//!
//!  fn main() -> prometheus::Result<()> {
//!      IN_FLIGHT.inc();
//!      HITS.inc();
//!      HITS.inc_by(2);
//!      IN_FLIGHT.dec();
//!      println!("{} hits", HITS.get());
//!      println!("{}", TextEncoder::new().encode_to_string(&prometheus::gather())?);
//!      Ok(())
//!  }
//! ```

mod counter_metric;
mod description;
mod gauge_metric;
mod proto;
#[cfg(feature = "mapped")]
mod view_metrics;

pub use counter_metric::CounterMetric;
pub use gauge_metric::GaugeMetric;
#[cfg(feature = "mapped")]
#[cfg_attr(docsrs, doc(cfg(feature = "mapped")))]
pub use view_metrics::ViewMetrics;
