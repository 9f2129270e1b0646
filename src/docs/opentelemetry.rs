//! Our counters as instruments of OpenTelemetry. This needs no feature and no adapter.
//!
//! An observable instrument calls a function for its value when it is collected. So an addition
//! costs what it costs without OpenTelemetry, and a collection costs a read:
//!
//! ```ignore (a test of the bench package compiles and runs it)
//! use std::sync::LazyLock;
//!
//! use hotcount::keyed::CounterFamily;
//! use hotcount::{Counter, Histogram, ShardedCounter, UpDownCounter};
//! use opentelemetry::KeyValue;
//! use opentelemetry::metrics::Meter;
//!
//! pub static HITS: ShardedCounter = ShardedCounter::new();
//! pub static IN_FLIGHT: UpDownCounter = UpDownCounter::new();
//! pub static REQUESTS: CounterFamily<(&str, u16)> = CounterFamily::new();
//! pub static LATENCY: LazyLock<Histogram> = LazyLock::new(Histogram::default);
//!
//! pub fn export(meter: &Meter) {
//!     meter
//!         .u64_observable_counter("hits")
//!         .with_callback(|observer| observer.observe(HITS.get(), &[]))
//!         .build();
//!     meter
//!         .i64_observable_up_down_counter("in_flight")
//!         .with_callback(|observer| observer.observe(IN_FLIGHT.get(), &[]))
//!         .build();
//!     meter
//!         .u64_observable_counter("requests")
//!         .with_callback(|observer| {
//!             REQUESTS.for_each(|&(route, status), total| {
//!                 let status = i64::from(status);
//!                 let attributes = [KeyValue::new("route", route), KeyValue::new("status", status)];
//!                 observer.observe(total, &attributes);
//!             });
//!         })
//!         .build();
//!     meter
//!         .u64_observable_counter("latency_bucket")
//!         .with_callback(|observer| {
//!             let mut up_to = 0;
//!             for (bound, count) in LATENCY.snapshot().buckets() {
//!                 up_to += count;
//!                 observer.observe(up_to, &[KeyValue::new("le", bound.to_string())]);
//!             }
//!         })
//!         .build();
//! }
//! ```
//!
//! - OpenTelemetry has no observable histogram. So this exports the buckets of a
//!   [`Histogram`](crate::Histogram), in the form of Prometheus. One callback reports one snapshot,
//!   so all buckets are of the same observations.
//! - All four instruments are exact, with cumulative and with delta temporality. The callbacks
//!   observe totals. For a delta, the SDK subtracts the total that it collected before.
//! - A total must not fall, so do not remove or sweep keys of a family that is observed.
//! - The SDK keeps 2,000 attribute sets for each instrument, unless a view raises this limit. It
//!   adds up the others under `otel.metric.overflow`.
//! - A program that counts through the facade of the crate `metrics` uses
//!   [`Sharded`](https://docs.rs/hotcount/latest/hotcount/metrics/struct.Sharded.html) around
//!   metrics-exporter-opentelemetry.
//!
//! Tested with opentelemetry 0.33.
