use std::sync::LazyLock;

use hotcount::prometheus::{CounterMetric, FamilyMetric, GaugeMetric};
use prometheus::TextEncoder;

static HITS: LazyLock<CounterMetric> =
    LazyLock::new(|| CounterMetric::register("hits_total", "Pages served").unwrap());
static IN_FLIGHT: LazyLock<GaugeMetric> =
    LazyLock::new(|| GaugeMetric::register("in_flight", "Requests under way").unwrap());
static REQUESTS: LazyLock<FamilyMetric<2>> = LazyLock::new(|| {
    FamilyMetric::register("requests_total", "Requests", ["route", "status"]).unwrap()
});

fn main() -> prometheus::Result<()> {
    IN_FLIGHT.inc();
    HITS.inc();
    HITS.inc_by(2);
    REQUESTS.with_label_values(&["/", "200"]).inc();
    IN_FLIGHT.dec();
    println!("{} hits", HITS.get());
    println!("{}", TextEncoder::new().encode_to_string(&prometheus::gather())?);
    Ok(())
}
