use std::sync::Arc;
use std::thread;

use hotcount::prometheus::{CounterMetric, GaugeMetric};
use hotcount::{AtomicCounter, Counter, FetchAdd, ShardedCounter, UpDownCounter};
use prometheus::{Error, Opts, Registry};

use super::page;

#[test]
fn counters_and_gauges_of_every_kind_are_encoded() {
    static HITS: ShardedCounter = ShardedCounter::new();
    static IN_FLIGHT: UpDownCounter = UpDownCounter::new();
    let (tickets, queued) = (Arc::new(AtomicCounter::new()), Arc::new(UpDownCounter::new()));
    let registry = Registry::new_custom(Some("web".into()), None).expect("a prefix");
    let counter = |name: &str| Opts::new(name, "Counted");
    let bytes = counter("bytes_total").const_label("direction", "out");
    registry
        .register(Box::new(CounterMetric::new(counter("hits_total"), &HITS).expect("a name")))
        .expect("a new name");
    registry
        .register(Box::new(CounterMetric::new(counter("tickets_total"), tickets.clone()).unwrap()))
        .unwrap();
    registry
        .register(Box::new(CounterMetric::new(bytes, ShardedCounter::from(512)).unwrap()))
        .unwrap();
    registry
        .register(Box::new(GaugeMetric::new(counter("in_flight"), &IN_FLIGHT).unwrap()))
        .unwrap();
    registry
        .register(Box::new(GaugeMetric::new(counter("queued"), queued.clone()).unwrap()))
        .unwrap();
    HITS.add(1 << 53);
    assert_eq!(tickets.increment_and_get(), 1);
    IN_FLIGHT.decrement();
    queued.add(3);
    let expected = "\
# HELP web_bytes_total Counted
# TYPE web_bytes_total counter
web_bytes_total{direction=\"out\"} 512
# HELP web_hits_total Counted
# TYPE web_hits_total counter
web_hits_total 9007199254740992
# HELP web_in_flight Counted
# TYPE web_in_flight gauge
web_in_flight -1
# HELP web_queued Counted
# TYPE web_queued gauge
web_queued 3
# HELP web_tickets_total Counted
# TYPE web_tickets_total counter
web_tickets_total 1
";
    assert_eq!(page(&registry), expected);
}

#[test]
fn a_scrape_beside_load_is_monotone_and_ends_at_the_exact_total() {
    let registry = Registry::new();
    let hits =
        CounterMetric::new(Opts::new("hits_total", "Hits"), Arc::<ShardedCounter>::default())
            .unwrap();
    let in_flight =
        GaugeMetric::new(Opts::new("in_flight", "Under way"), Arc::<UpDownCounter>::default())
            .unwrap();
    registry.register(Box::new(hits.clone())).unwrap();
    registry.register(Box::new(in_flight.clone())).unwrap();
    let value = |name: &str| -> f64 {
        let page = page(&registry);
        let mut values = page.lines().filter_map(|line| line.strip_prefix(name));
        let value = values.next().expect("the metric is on the page").trim().parse();
        value.expect("a number")
    };
    thread::scope(|scope| {
        let counting = [(); 4].map(|()| {
            let (hits, in_flight) = (hits.clone(), in_flight.clone());
            scope.spawn(move || {
                for _ in 0..10_000 {
                    in_flight.inc();
                    hits.inc();
                    hits.inc_by(2);
                    in_flight.dec();
                }
            })
        });
        let mut last = 0.0;
        while !counting.iter().all(thread::ScopedJoinHandle::is_finished) {
            let now = value("hits_total");
            assert!((last..=120_000.0).contains(&now), "{now} after {last}");
            last = now;
            let now = value("in_flight");
            assert!((0.0..=4.0).contains(&now), "{now} in flight");
        }
    });
    assert_eq!((hits.get(), in_flight.get()), (120_000, 0));
    assert_eq!(
        page(&registry).lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>(),
        ["hits_total 120000", "in_flight 0",]
    );
}

#[test]
fn a_gauge_goes_both_ways_by_either_sign() {
    let gauge = GaugeMetric::new(Opts::new("g", "A gauge"), UpDownCounter::new()).unwrap();
    gauge.add(5);
    gauge.add(-2);
    gauge.sub(10);
    gauge.sub(-3);
    assert_eq!(gauge.get(), -4);
    gauge.add(i64::MIN);
    gauge.sub(i64::MIN);
    assert_eq!(gauge.get(), -4);
}

#[test]
fn a_metric_registers_itself_once() {
    let hits = CounterMetric::register("registers_itself_total", "Once").unwrap();
    hits.inc();
    let again = CounterMetric::register("registers_itself_total", "Once");
    assert!(matches!(again, Err(Error::AlreadyReg)), "{again:?}");
    let families = prometheus::gather();
    let family = families.iter().find(|f| f.name() == "registers_itself_total").unwrap();
    assert_eq!(family.get_metric().len(), 1);
    let gauge = GaugeMetric::register("registers_itself", "Once").unwrap();
    gauge.inc();
    assert!(prometheus::gather().iter().any(|f| f.name() == "registers_itself"));
}
