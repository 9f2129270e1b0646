//! The counters of a file on a page for Prometheus.

use std::sync::Arc;

use hotcount::Counter;
use hotcount::mapped::{CounterFile, CounterView, Series};
use prometheus_client::encoding::text;

use crate::scratch::Scratch;
use crate::worker::{Worker, wait_up_to};

/// The page of either registry.
struct Pages {
    prometheus: prometheus::Registry,
    prometheus_client: prometheus_client::registry::Registry,
}

impl Pages {
    fn new(view: CounterView) -> Self {
        let view = Arc::new(view);
        let prometheus = prometheus::Registry::new();
        let metrics = hotcount::prometheus::ViewMetrics::new(view.clone());
        prometheus.register(Box::new(metrics)).expect("it is registered once");
        let mut prometheus_client = prometheus_client::registry::Registry::default();
        let metrics = hotcount::prometheus_client::ViewMetrics::new(view);
        prometheus_client.register_collector(Box::new(metrics));
        Self { prometheus, prometheus_client }
    }

    fn prometheus(&self) -> String {
        let families = self.prometheus.gather();
        prometheus::TextEncoder::new().encode_to_string(&families).expect("it is text")
    }

    fn prometheus_client(&self) -> String {
        let mut page = String::new();
        text::encode(&mut page, &self.prometheus_client).expect("it is text");
        page
    }
}

#[test]
fn every_counter_of_a_file_is_on_the_page_as_its_series() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::open(&path).expect("the file is created");
    let view = CounterFile::open_read_only(&path).expect("the file opens");
    let pages = Pages::new(view);
    assert_eq!((pages.prometheus().as_str(), pages.prometheus_client().as_str()), ("", "# EOF\n"));

    let series = |metric, labels: &[(&str, &str)]| {
        Series::new(metric, labels).expect("it is a series").to_string()
    };
    let names = [
        series("hits_total", &[("path", "/"), ("method", "GET")]),
        "page hits".into(),
        series("bytes_total", &[]),
        series("hits_total", &[("path", "a\"b\\c\nd")]),
        r#"hits_total{path="/", method="GET"}"#.into(),
    ];
    for (name, value) in names.iter().zip(1..) {
        file.counter(name).expect("there is room").add(value);
    }
    let expected = r#"# HELP bytes_total Counted in a counter file.
# TYPE bytes_total counter
bytes_total 3
# HELP counter_file_total Counted in a counter file.
# TYPE counter_file_total counter
counter_file_total{name="hits_total{path=\"/\", method=\"GET\"}"} 5
counter_file_total{name="page hits"} 2
# HELP hits_total Counted in a counter file.
# TYPE hits_total counter
hits_total{path="a\"b\\c\nd"} 4
hits_total{method="GET",path="/"} 1
"#;
    assert_eq!(pages.prometheus(), expected);
    let expected = r#"# HELP bytes Counted in a counter file.
# TYPE bytes counter
bytes_total 3
# HELP counter_file Counted in a counter file.
# TYPE counter_file counter
counter_file_total{name="page hits"} 2
counter_file_total{name="hits_total{path=\"/\", method=\"GET\"}"} 5
# HELP hits Counted in a counter file.
# TYPE hits counter
hits_total{method="GET",path="/"} 1
hits_total{path="a\"b\\c\nd"} 4
# EOF
"#;
    assert_eq!(pages.prometheus_client(), expected);
}

#[test]
fn pages_beside_kills_are_monotone_and_exact() {
    const ROUNDS: u64 = 10;
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let hits = CounterFile::open(&path).expect("the file is created").counter("hits");
    let hits = hits.expect("there is room");
    let pages = Pages::new(CounterFile::open_read_only(&path).expect("the file opens"));
    let line = r#"counter_file_total{name="hits"} "#;
    let total = |page: String| -> u64 {
        let total = page.lines().find_map(|l| l.strip_prefix(line)).expect("it is on the page");
        total.parse().expect("a number")
    };
    let mut last = 0;
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        let mut victims = [(); 2].map(|()| Worker::start("acknowledge", &path));
        acknowledged += victims.iter_mut().map(|victim| victim.hear(1).len() as u64).sum::<u64>();
        wait_up_to(3_000);
        let now = total(pages.prometheus());
        assert!(now >= acknowledged && now >= last, "{now} after {last}, {acknowledged}");
        acknowledged += victims.map(|victim| victim.kill().len() as u64).iter().sum::<u64>();
        last = total(pages.prometheus_client());
        let expected = acknowledged..=acknowledged + 2 * (round + 1);
        assert!(expected.contains(&last), "{last}, not {expected:?}");
        assert_eq!((last, total(pages.prometheus())), (hits.get(), hits.get()));
    }
}
