//! Our counters in a `prometheus_client` registry, and the text that comes out.
#![allow(missing_docs)]

use std::sync::Arc;
use std::thread;

use hotcount::prometheus_client::{CounterMetric, GaugeMetric};
use hotcount::{AtomicCounter, Counter, FetchAdd, ShardedCounter, UpDownCounter};
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::{Registry, Unit};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Labels {
    path: String,
}

fn page(registry: &Registry) -> String {
    let mut page = String::new();
    encode(&mut page, registry).expect("it is text");
    page
}

#[test]
fn counters_and_gauges_of_every_kind_are_encoded() {
    static HITS: ShardedCounter = ShardedCounter::new();
    static IN_FLIGHT: UpDownCounter = UpDownCounter::new();
    let (shared, queued) = (Arc::new(AtomicCounter::new()), Arc::new(UpDownCounter::new()));
    let mut registry = Registry::with_prefix("web");
    registry.register("hits", "Pages served", CounterMetric::new(&HITS));
    registry.register("tickets", "Numbers given", CounterMetric::new(shared.clone()));
    registry.register_with_unit(
        "sent",
        "What was sent",
        Unit::Bytes,
        CounterMetric::new(ShardedCounter::from(512)),
    );
    registry.register("in_flight", "Under way", GaugeMetric::new(&IN_FLIGHT));
    registry.register("queued", "Waiting", GaugeMetric::new(queued.clone()));
    registry.register("idle", "Nothing", GaugeMetric::new(UpDownCounter::new()));
    HITS.add(u64::MAX);
    assert_eq!(shared.increment_and_get(), 1);
    IN_FLIGHT.decrement();
    queued.add(3);
    let expected = "\
# HELP web_hits Pages served.
# TYPE web_hits counter
web_hits_total 18446744073709551615
# HELP web_tickets Numbers given.
# TYPE web_tickets counter
web_tickets_total 1
# HELP web_sent_bytes What was sent.
# TYPE web_sent_bytes counter
# UNIT web_sent_bytes bytes
web_sent_bytes_total 512
# HELP web_in_flight Under way.
# TYPE web_in_flight gauge
web_in_flight -1
# HELP web_queued Waiting.
# TYPE web_queued gauge
web_queued 3
# HELP web_idle Nothing.
# TYPE web_idle gauge
web_idle 0
# EOF
";
    assert_eq!(page(&registry), expected);
}

#[test]
fn a_family_counts_exactly_under_load() {
    let hits = Family::<Labels, CounterMetric<Arc<ShardedCounter>>>::default();
    let mut registry = Registry::default();
    registry.register("hits", "Pages served", hits.clone());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for i in 0..3_000 {
                    let labels = Labels { path: format!("/{}", i % 3) };
                    hits.get_or_create(&labels).increment();
                }
            });
        }
    });
    let kept = hits.get_or_create_owned(&Labels { path: "/0".to_string() });
    kept.add(5);
    let page = page(&registry);
    let mut lines: Vec<_> = page.lines().filter(|line| !line.starts_with('#')).collect();
    lines.sort_unstable();
    let expected = [
        "hits_total{path=\"/0\"} 4005",
        "hits_total{path=\"/1\"} 4000",
        "hits_total{path=\"/2\"} 4000",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn a_metric_is_its_counter() {
    let metric = CounterMetric::<Arc<ShardedCounter>>::default();
    metric.increment();
    metric.clone().add(2);
    assert_eq!(metric.get(), 3);
    assert_eq!(metric.bounds(), 3..=3);
    assert_eq!(format!("{metric:?}"), "CounterMetric(ShardedCounter(3))");
    let gauge = GaugeMetric::<Arc<UpDownCounter>>::default();
    gauge.increment();
    assert_eq!(format!("{gauge:?}"), "GaugeMetric(UpDownCounter(1))");
}
