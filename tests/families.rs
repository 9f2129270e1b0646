//! Families of counters in both registries, and the pages that come out.
#![allow(missing_docs)]

use std::sync::Arc;
use std::thread;

use hotcount::Counter;
use hotcount::keyed::CounterFamily;
use hotcount::prometheus::{FamilyMetric, LabelValues};
use prometheus::{Opts, TextEncoder};
use prometheus_client::encoding::{EncodeLabelSet, text};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    route: String,
    status: u16,
}

/// One family on the page of each registry.
struct Pages {
    family: Arc<CounterFamily<Request>>,
    prometheus: prometheus::Registry,
    prometheus_client: prometheus_client::registry::Registry,
}

impl Pages {
    fn new(family: CounterFamily<Request>) -> Self {
        let family = Arc::new(family);
        let prometheus = prometheus::Registry::new();
        let opts = Opts::new("requests_total", "Served").const_label("process", "web");
        let values = |request: &Request| [request.route.clone(), request.status.to_string()];
        let metric = FamilyMetric::new(opts, ["route", "status"], family.clone(), values);
        prometheus.register(Box::new(metric.expect("names"))).expect("a new name");
        let mut prometheus_client = prometheus_client::registry::Registry::default();
        let metric = hotcount::prometheus_client::FamilyMetric::new(family.clone());
        prometheus_client.register("requests", "Served", metric);
        Self { family, prometheus, prometheus_client }
    }

    /// The lines of both pages that are no comments, sorted.
    fn values(&self) -> [Vec<String>; 2] {
        let families = self.prometheus.gather();
        let prometheus = TextEncoder::new().encode_to_string(&families).expect("it is text");
        let mut prometheus_client = String::new();
        text::encode(&mut prometheus_client, &self.prometheus_client).expect("it is text");
        [prometheus, prometheus_client].map(|page| {
            let lines = page.lines().filter(|line| !line.starts_with('#'));
            let mut lines: Vec<_> = lines.map(String::from).collect();
            lines.sort_unstable();
            lines
        })
    }
}

fn request(route: &str, status: u16) -> Request {
    Request { route: route.into(), status }
}

#[test]
fn each_key_is_a_value_and_a_removed_one_leaves_the_page() {
    let pages = Pages::new(CounterFamily::with_max_keys(3));
    assert_eq!(pages.values(), [[""; 0]; 2]);
    pages.family.add(&request("/", 200), 7);
    pages.family.increment(&request("/", 404));
    pages.family.increment(&request("a \"b\"\\\n", 200));
    pages.family.increment(&request("one too many", 200));
    let expected = [
        [
            r#"requests_total{process="web",route="/",status="200"} 7"#,
            r#"requests_total{process="web",route="/",status="404"} 1"#,
            r#"requests_total{process="web",route="a \"b\"\\\n",status="200"} 1"#,
        ],
        [
            r#"requests_total{route="/",status="200"} 7"#,
            r#"requests_total{route="/",status="404"} 1"#,
            r#"requests_total{route="a \"b\"\\\n",status="200"} 1"#,
        ],
    ];
    assert_eq!(pages.values(), expected);
    assert_eq!(pages.family.overflow().get(), 1);
    assert_eq!(pages.family.remove(&request("/", 200)), 7);
    assert_eq!(pages.values(), [&expected[0][1..], &expected[1][1..]]);
    pages.family.increment(&request("/", 200));
    assert_eq!(pages.values()[1][0], r#"requests_total{route="/",status="200"} 1"#);
}

#[test]
fn pages_beside_load_are_monotone_and_end_at_the_exact_totals() {
    let pages = Pages::new(CounterFamily::new());
    let family = pages.family.clone();
    let total = |lines: &[String]| -> u64 {
        let value = |line: &String| line.rsplit(' ').next().expect("a value").parse::<u64>();
        lines.iter().map(|line| value(line).expect("a number")).sum()
    };
    let counting = [(); 4].map(|()| {
        let family = family.clone();
        thread::spawn(move || {
            for n in 0..3_000 {
                family.increment(&request(&format!("/{}", n % 10), 200));
            }
        })
    });
    let mut last = 0;
    while !counting.iter().all(thread::JoinHandle::is_finished) {
        for page in pages.values() {
            let now = total(&page);
            assert!((last..=12_000).contains(&now), "{now} after {last}");
            last = now;
        }
    }
    counting.into_iter().for_each(|thread| thread.join().expect("it counts"));
    for page in pages.values() {
        assert_eq!((page.len(), total(&page)), (10, 12_000));
        assert!(page.iter().all(|line| line.ends_with(" 1200")), "{page:?}");
    }
}

#[test]
fn a_hundred_thousand_keys_are_on_the_page() {
    let pages = Pages::new(CounterFamily::new());
    for n in 0..100_000 {
        pages.family.increment(&request(&n.to_string(), 200));
    }
    for page in pages.values() {
        assert_eq!(page.len(), 100_000);
        assert!(page.iter().all(|line| line.ends_with(" 1")));
    }
}

#[test]
fn values_that_look_alike_when_joined_are_told_apart() {
    let family = FamilyMetric::register("alike_total", "Alike", ["one", "two"]).expect("names");
    let labels = [["a", "bc"], ["ab", "c"], ["", "abc"], ["abc", ""], ["a\u{ff}b", "c"]];
    for (values, n) in labels.iter().zip(1..) {
        family.with_label_values(values).inc_by(n);
    }
    for (values, n) in labels.iter().zip(1..) {
        let owned = values.map(String::from);
        assert_eq!(family.with_label_values(&owned).get(), n, "{values:?}");
        assert_eq!(family.with_label_values(values).get(), n);
    }
    family.with_label_values(&["a", "bc"]).inc();
    let gathered = prometheus::gather();
    let alike = gathered.iter().find(|f| f.name() == "alike_total").expect("it is registered");
    let values: Vec<_> = alike.get_metric().iter().map(|m| m.get_counter().get_value()).collect();
    assert_eq!(values.len(), 5);
    assert_eq!(values.iter().sum::<f64>().to_string(), "16");
    FamilyMetric::register("alike_total", "Alike", ["one", "two"]).expect_err("the name is taken");
}

#[test]
fn labels_that_are_none_are_refused_with_what_to_do() {
    let refuse = |opts: Opts, labels: [&str; 2]| {
        let family = Arc::<CounterFamily<LabelValues<2>>>::default();
        let refused = FamilyMetric::new(opts, labels, family, |_| [String::new(), String::new()]);
        refused.map(|_| ()).expect_err("it is refused").to_string()
    };
    let opts = || Opts::new("hits_total", "Hits");
    let hint = " (a metric's name matches [a-zA-Z_:][a-zA-Z0-9_:]*, a label's name \
                [a-zA-Z_][a-zA-Z0-9_]*, and the help is not empty)";
    let cases = [
        (refuse(opts(), ["the path", "b"]), "'the path' is not a valid label name"),
        (refuse(opts(), ["a", "a"]), "duplicate variable label name a"),
        (
            refuse(opts().const_label("a", "1"), ["a", "b"]),
            "the label \"a\" is a const label as well",
        ),
        (
            refuse(opts().variable_label("c"), ["a", "b"]),
            "the variable label \"c\" has no value: use FamilyMetric::new",
        ),
    ];
    for (message, expected) in cases {
        assert_eq!(
            message,
            format!("Error: cannot export the metric \"hits_total\": {expected}{hint}")
        );
    }
}
