use std::error::Error;

use axum::{Router, routing::get};
use axum_prometheus::PrometheusMetricLayer;

pub fn service() -> Result<Router, Box<dyn Error>> {
    let (layer, exporter) = PrometheusMetricLayer::pair();
    let scrape = async move || exporter.render();
    Ok(Router::new()
        .route("/", get(async || "counted"))
        .layer(layer)
        .route("/metrics", get(scrape)))
}
