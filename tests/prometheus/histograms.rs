use std::sync::Arc;
use std::thread;

use hotcount::Histogram;
use hotcount::prometheus::HistogramMetric;
use prometheus::{Opts, Registry};

use super::page;

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
