use hotcount::metrics::Sharded;
use metrics_exporter_prometheus::PrometheusBuilder;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let recorder = PrometheusBuilder::new().build_recorder();
    let exporter = recorder.handle();
    let sharded = Sharded::new(recorder);
    let flush = sharded.flush_handle();
    metrics::set_global_recorder(sharded)?;

    metrics::counter!("pages_total").increment(1);

    // At each scrape:
    flush.flush();
    println!("{}", exporter.render());
    Ok(())
}
