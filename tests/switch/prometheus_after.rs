use std::sync::LazyLock;

use hotcount::Histogram;
use hotcount::prometheus::{CounterMetric, FamilyMetric, GaugeMetric, HistogramMetric};
use prometheus::TextEncoder;

static HITS: LazyLock<CounterMetric> =
    LazyLock::new(|| CounterMetric::register("hits_total", "Pages served").unwrap());
static IN_FLIGHT: LazyLock<GaugeMetric> =
    LazyLock::new(|| GaugeMetric::register("in_flight", "Requests under way").unwrap());
static REQUESTS: LazyLock<FamilyMetric<2>> = LazyLock::new(|| {
    FamilyMetric::register("requests_total", "Requests", ["route", "status"]).unwrap()
});
static LATENCY: LazyLock<HistogramMetric> = LazyLock::new(|| {
    HistogramMetric::register("latency_seconds", "Time to answer", Histogram::default()).unwrap()
});

fn main() -> prometheus::Result<()> {
    IN_FLIGHT.inc();
    HITS.inc();
    HITS.inc_by(2);
    REQUESTS.with_label_values(&["/", "200"]).inc();
    LATENCY.observe(0.25);
    IN_FLIGHT.dec();
    println!("{} hits", HITS.get());
    println!("{}", TextEncoder::new().encode_to_string(&prometheus::gather())?);
    Ok(())
}
