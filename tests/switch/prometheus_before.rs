use std::sync::LazyLock;

use prometheus::{Histogram, IntCounter, IntCounterVec, IntGauge, TextEncoder};
use prometheus::{register_histogram, register_int_counter};
use prometheus::{register_int_counter_vec, register_int_gauge};

static HITS: LazyLock<IntCounter> =
    LazyLock::new(|| register_int_counter!("hits_total", "Pages served").unwrap());
static IN_FLIGHT: LazyLock<IntGauge> =
    LazyLock::new(|| register_int_gauge!("in_flight", "Requests under way").unwrap());
static REQUESTS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    register_int_counter_vec!("requests_total", "Requests", &["route", "status"]).unwrap()
});
static LATENCY: LazyLock<Histogram> =
    LazyLock::new(|| register_histogram!("latency_seconds", "Time to answer").unwrap());

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
