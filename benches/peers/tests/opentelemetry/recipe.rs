use std::sync::LazyLock;

use hotcount::keyed::CounterFamily;
use hotcount::{Counter, Histogram, ShardedCounter, UpDownCounter};
use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;

pub static HITS: ShardedCounter = ShardedCounter::new();
pub static IN_FLIGHT: UpDownCounter = UpDownCounter::new();
pub static REQUESTS: CounterFamily<(&str, u16)> = CounterFamily::new();
pub static LATENCY: LazyLock<Histogram> = LazyLock::new(Histogram::default);

pub fn export(meter: &Meter) {
    meter
        .u64_observable_counter("hits")
        .with_callback(|observer| observer.observe(HITS.get(), &[]))
        .build();
    meter
        .i64_observable_up_down_counter("in_flight")
        .with_callback(|observer| observer.observe(IN_FLIGHT.get(), &[]))
        .build();
    meter
        .u64_observable_counter("requests")
        .with_callback(|observer| {
            REQUESTS.for_each(|&(route, status), total| {
                let status = i64::from(status);
                let attributes = [KeyValue::new("route", route), KeyValue::new("status", status)];
                observer.observe(total, &attributes);
            });
        })
        .build();
    meter
        .u64_observable_counter("latency_bucket")
        .with_callback(|observer| {
            let mut up_to = 0;
            for (bound, count) in LATENCY.snapshot().buckets() {
                up_to += count;
                observer.observe(up_to, &[KeyValue::new("le", bound.to_string())]);
            }
        })
        .build();
}
