use std::error::Error;
use std::net::SocketAddr;

use metrics_exporter_prometheus::PrometheusBuilder;

pub fn serve_metrics(address: SocketAddr) -> Result<(), Box<dyn Error>> {
    PrometheusBuilder::new().with_http_listener(address).install()?;
    Ok(())
}
