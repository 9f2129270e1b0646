use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use hotcount::metrics::Sharded;
use metrics_exporter_prometheus::PrometheusBuilder;

pub fn serve_metrics(address: SocketAddr) -> Result<(), Box<dyn Error>> {
    let (recorder, exporter) = PrometheusBuilder::new().with_http_listener(address).build()?;
    tokio::spawn(exporter);
    let sharded = Sharded::new(recorder);
    sharded.flush_handle().every(Duration::from_millis(100))?;
    metrics::set_global_recorder(sharded)?;
    Ok(())
}
