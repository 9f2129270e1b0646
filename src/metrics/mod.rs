//! Sharded counters behind the `metrics` facade (feature `metrics`).
//!
//! A program that counts through the facade changes only where it installs its recorder:
//!
//! ```diff
//! +use hotcount::metrics::Sharded;
//!  use metrics_exporter_prometheus::PrometheusBuilder;
//!
//!  fn main() -> Result<(), Box<dyn std::error::Error>> {
//!      let recorder = PrometheusBuilder::new().build_recorder();
//!      let exporter = recorder.handle();
//! -    metrics::set_global_recorder(recorder)?;
//! +    let sharded = Sharded::new(recorder);
//! +    let flush = sharded.flush_handle();
//! +    metrics::set_global_recorder(sharded)?;
//!
//!      metrics::counter!("pages_total").increment(1);
//!
//!      // At each scrape:
//! +    flush.flush();
//!      println!("{}", exporter.render());
//!      Ok(())
//!  }
//! ```
//!
//! A page that is rendered after a flush shows the counts of that flush.
//!
//! # An exporter that serves or pushes on its own
//!
//! There is no scrape to flush before, so a thread flushes at intervals: [`FlushHandle::every`]. A page
//! then shows all that was counted before the last flush. With the HTTP listener of
//! metrics-exporter-prometheus, in a Tokio runtime:
//!
//! ```diff
//!  use std::error::Error;
//!  use std::net::SocketAddr;
//! +use std::time::Duration;
//!
//! +use hotcount::metrics::Sharded;
//!  use metrics_exporter_prometheus::PrometheusBuilder;
//!
//!  pub fn serve_metrics(address: SocketAddr) -> Result<(), Box<dyn Error>> {
//! -    PrometheusBuilder::new().with_http_listener(address).install()?;
//! +    let (recorder, exporter) = PrometheusBuilder::new().with_http_listener(address).build()?;
//! +    tokio::spawn(exporter);
//! +    let sharded = Sharded::new(recorder);
//! +    sharded.flush_handle().every(Duration::from_millis(100))?;
//! +    metrics::set_global_recorder(sharded)?;
//!      Ok(())
//!  }
//! ```
//!
//! # axum-prometheus
//!
//! Its layer counts through the facade, so it uses the recorder that is installed:
//!
//! ```diff
//!  use std::error::Error;
//!
//!  use axum::{Router, routing::get};
//!  use axum_prometheus::PrometheusMetricLayer;
//! +use axum_prometheus::metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
//! +use axum_prometheus::{AXUM_HTTP_REQUESTS_DURATION_SECONDS, utils::SECONDS_DURATION_BUCKETS};
//! +use hotcount::metrics::Sharded;
//!
//!  pub fn service() -> Result<Router, Box<dyn Error>> {
//! -    let (layer, exporter) = PrometheusMetricLayer::pair();
//! -    let scrape = async move || exporter.render();
//! +    let durations = Matcher::Full(AXUM_HTTP_REQUESTS_DURATION_SECONDS.into());
//! +    let recorder = PrometheusBuilder::new()
//! +        .set_buckets_for_metric(durations, SECONDS_DURATION_BUCKETS)?
//! +        .build_recorder();
//! +    let exporter = recorder.handle();
//! +    let sharded = Sharded::new(recorder);
//! +    let flush = sharded.flush_handle();
//! +    metrics::set_global_recorder(sharded)?;
//! +    let layer = PrometheusMetricLayer::new();
//! +    let scrape = async move || {
//! +        flush.flush();
//! +        exporter.render()
//! +    };
//!      Ok(Router::new()
//!          .route("/", get(async || "counted"))
//!          .layer(layer)
//!          .route("/metrics", get(scrape)))
//!  }
//! ```
//!
//! # Layers
//!
//! A layer of metrics-util works inside and outside. `Sharded::new(layer.layer(recorder))` sends
//! the counts through the layer at each flush. `layer.layer(sharded)` sends each count at once. An
//! outer layer costs time at each `counter!`: a prefix, for example, builds a new key. With a
//! fan-out, wrap each recorder that should have sharded counters.

mod counters;
mod flush_handle;
mod handle;
mod key_counter;
mod origin;
mod sharded;

pub use flush_handle::FlushHandle;
pub use sharded::Sharded;
