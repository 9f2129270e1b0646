use std::error::Error;

use axum::{Router, routing::get};
use axum_prometheus::PrometheusMetricLayer;
use axum_prometheus::metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use axum_prometheus::{AXUM_HTTP_REQUESTS_DURATION_SECONDS, utils::SECONDS_DURATION_BUCKETS};
use hotcount::metrics::Sharded;

pub fn service() -> Result<Router, Box<dyn Error>> {
    let durations = Matcher::Full(AXUM_HTTP_REQUESTS_DURATION_SECONDS.into());
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(durations, SECONDS_DURATION_BUCKETS)?
        .build_recorder();
    let exporter = recorder.handle();
    let sharded = Sharded::new(recorder);
    let flush = sharded.flush_handle();
    metrics::set_global_recorder(sharded)?;
    let layer = PrometheusMetricLayer::new();
    let scrape = async move || {
        flush.flush();
        exporter.render()
    };
    Ok(Router::new()
        .route("/", get(async || "counted"))
        .layer(layer)
        .route("/metrics", get(scrape)))
}
