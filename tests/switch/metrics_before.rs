use metrics_exporter_prometheus::PrometheusBuilder;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let recorder = PrometheusBuilder::new().build_recorder();
    let exporter = recorder.handle();
    metrics::set_global_recorder(recorder)?;

    metrics::counter!("pages_total").increment(1);

    // At each scrape:
    println!("{}", exporter.render());
    Ok(())
}
