//! Our counters in a `prometheus` registry, and the page that comes out.
#![allow(missing_docs)]

use std::sync::Arc;
use std::thread;

use hotcount::prometheus::{CounterMetric, GaugeMetric, HistogramMetric};
use hotcount::{AtomicCounter, Counter, FetchAdd, Histogram, ShardedCounter, UpDownCounter};
use prometheus::{Error, Opts, Registry, TextEncoder};

fn page(registry: &Registry) -> String {
    TextEncoder::new().encode_to_string(&registry.gather()).expect("it is text")
}

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

#[test]
fn a_name_that_is_none_is_refused_with_what_to_do() {
    let refuse = |opts: Opts| {
        let counter = CounterMetric::new(opts.clone(), ShardedCounter::new()).map(|_| ());
        let gauge = GaugeMetric::new(opts, UpDownCounter::new()).map(|_| ());
        let [counter, gauge] =
            [counter, gauge].map(|refused| refused.expect_err("it is refused").to_string());
        assert_eq!(counter, gauge);
        counter
    };
    let hint = " (a metric's name matches [a-zA-Z_:][a-zA-Z0-9_:]*, a label's name \
                [a-zA-Z_][a-zA-Z0-9_]*, and the help is not empty)";
    let cases = [
        (Opts::new("page hits", "Hits"), "\"page hits\": 'page hits' is not a valid metric name"),
        (Opts::new("", "Hits"), "\"\": '' is not a valid metric name"),
        (Opts::new("9lives", "Lives"), "\"9lives\": '9lives' is not a valid metric name"),
        (Opts::new("hits_total", ""), "\"hits_total\": empty help string"),
        (
            Opts::new("hits_total", "Hits").const_label("the path", "/"),
            "\"hits_total\": 'the path' is not a valid label name",
        ),
        (
            Opts::new("hits_total", "Hits").variable_label("path"),
            "\"hits_total\": the variable label \"path\" has no value: use FamilyMetric::new",
        ),
    ];
    for (opts, message) in cases {
        assert_eq!(refuse(opts), format!("Error: cannot export the metric {message}{hint}"));
    }
}

#[test]
fn a_histogram_is_encoded_with_its_buckets() {
    let registry = Registry::new();
    let latency = Arc::new(Histogram::with_bounds(&[0.5, 1.0]).unwrap());
    let opts = Opts::new("latency_seconds", "Latency").const_label("process", "web");
    registry.register(Box::new(HistogramMetric::new(opts, latency.clone()).unwrap())).unwrap();
    for value in [0.25, 0.5, 0.75, 3.0] {
        latency.observe(value);
    }
    let expected = "\
# HELP latency_seconds Latency
# TYPE latency_seconds histogram
latency_seconds_bucket{process=\"web\",le=\"0.5\"} 2
latency_seconds_bucket{process=\"web\",le=\"1\"} 3
latency_seconds_bucket{process=\"web\",le=\"+Inf\"} 4
latency_seconds_sum{process=\"web\"} 4.5
latency_seconds_count{process=\"web\"} 4
";
    assert_eq!(page(&registry), expected);
    let opts = Opts::new("latency_seconds", "Latency").const_label("le", "1");
    let refused = HistogramMetric::new(opts, latency).map(|_| ()).expect_err("the label is taken");
    assert!(refused.to_string().contains("\"le\" is the bound of a bucket: use another"));
}

#[test]
fn a_histogram_is_whole_in_every_scrape_beside_load() {
    let registry = Registry::new();
    let metric = HistogramMetric::new(Opts::new("sizes", "Sizes"), Arc::<Histogram>::default());
    let metric = metric.unwrap();
    registry.register(Box::new(metric.clone())).unwrap();
    let value = |page: &str, name: &str| -> f64 {
        let value = page.lines().find_map(|line| line.strip_prefix(name));
        value.expect("it is on the page").trim().parse().expect("a number")
    };
    thread::scope(|scope| {
        let observing = [(); 4].map(|()| {
            let metric = metric.clone();
            scope.spawn(move || (0..10_000).for_each(|n| metric.observe(f64::from(n % 12))))
        });
        while !observing.iter().all(thread::ScopedJoinHandle::is_finished) {
            let page = page(&registry);
            let count = value(&page, "sizes_count");
            assert_eq!(value(&page, "sizes_bucket{le=\"+Inf\"}").to_string(), count.to_string());
            let sum = value(&page, "sizes_sum");
            assert!((0.0..=11.0 * count).contains(&sum), "{page}");
        }
    });
    assert_eq!(value(&page(&registry), "sizes_count").to_string(), "40000");
}
