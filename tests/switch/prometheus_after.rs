use std::sync::LazyLock;

use hotcount::prometheus::{CounterMetric, GaugeMetric};
use prometheus::TextEncoder;

static HITS: LazyLock<CounterMetric> =
    LazyLock::new(|| CounterMetric::register("hits_total", "Pages served").unwrap());
static IN_FLIGHT: LazyLock<GaugeMetric> =
    LazyLock::new(|| GaugeMetric::register("in_flight", "Requests under way").unwrap());

fn main() -> prometheus::Result<()> {
    IN_FLIGHT.inc();
    HITS.inc();
    HITS.inc_by(2);
    IN_FLIGHT.dec();
    println!("{} hits", HITS.get());
    println!("{}", TextEncoder::new().encode_to_string(&prometheus::gather())?);
    Ok(())
}
