//! Histograms on the pages that Prometheus scrapes, while threads observe.
// Sums of whole numbers are exact.
#![allow(missing_docs, clippy::float_cmp)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use hotcount::Histogram;
use hotcount::prometheus_client::HistogramMetric;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

fn page(registry: &Registry) -> String {
    let mut page = String::new();
    encode(&mut page, registry).expect("it is text");
    page
}

#[test]
fn a_histogram_is_encoded_with_its_buckets_sum_and_count() {
    static LATENCY: std::sync::LazyLock<Histogram> =
        std::sync::LazyLock::new(|| Histogram::with_bounds(&[0.25, 1.0]).expect("they ascend"));
    let mut registry = Registry::default();
    registry.register("latency", "Time to the answer", HistogramMetric::new(&*LATENCY));
    registry.register("idle", "Nothing", HistogramMetric::<Histogram>::default());
    for seconds in [0.25, 0.5, 0.75, 4.0] {
        LATENCY.observe(seconds);
    }
    let expected = "\
# HELP latency Time to the answer.
# TYPE latency histogram
latency_sum 5.5
latency_count 4
latency_bucket{le=\"0.25\"} 1
latency_bucket{le=\"1.0\"} 3
latency_bucket{le=\"+Inf\"} 4
# HELP idle Nothing.
# TYPE idle histogram
idle_sum 0.0
idle_count 0
";
    let page = page(&registry);
    assert!(page.starts_with(expected), "{page}");
    assert!(page.contains("idle_bucket{le=\"0.005\"} 0\n"), "{page}");
    assert!(page.ends_with("idle_bucket{le=\"+Inf\"} 0\n# EOF\n"), "{page}");
}

/// The values of one histogram on a page, by what stands between `sizes_` and the value.
fn values(page: &str, path: &str) -> BTreeMap<String, f64> {
    let of_path = page.lines().filter(|line| line.contains(path));
    of_path
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').expect("a line has a value");
            let name = name.strip_prefix("sizes_").expect("the registry has one family");
            (name.to_string(), value.parse().expect("a number"))
        })
        .collect()
}

#[test]
fn a_thousand_scrapes_beside_eight_threads_are_consistent_and_never_go_back() {
    const PATHS: [&str; 2] = ["/a", "/b"];
    type Labels = [(&'static str, &'static str); 1];
    let bounds = [1.0, 2.0, 3.0, 4.0, 5.0];
    let new = || {
        let histogram = Histogram::with_bounds(&[1.0, 2.0, 3.0, 4.0, 5.0]).expect("they ascend");
        HistogramMetric::new(Arc::new(histogram))
    };
    let sizes = Family::<Labels, HistogramMetric<Arc<Histogram>>, _>::new_with_constructor(
        new as fn() -> HistogramMetric<Arc<Histogram>>,
    );
    let mut registry = Registry::default();
    registry.register("sizes", "What was sent", sizes.clone());
    let running = AtomicBool::new(true);
    let observe = |thread: u32| {
        let histogram = sizes.get_or_create_owned(&[("path", PATHS[thread as usize % 2])]);
        let mut observed = 0;
        while running.load(Relaxed) {
            histogram.observe(f64::from(1 + (thread + observed) % 6));
            observed += 1;
        }
        observed
    };
    thread::scope(|scope| {
        let observers: Vec<_> = (0..8)
            .map(|i| {
                let observe = &observe;
                scope.spawn(move || observe(i))
            })
            .collect();
        let scraper = scope.spawn(|| {
            let mut last = BTreeMap::new();
            for _ in 0..1_000 {
                let page = page(&registry);
                for path in PATHS {
                    let now = values(&page, path);
                    if now.is_empty() {
                        continue; // no thread has observed there yet
                    }
                    let le =
                        |bound: &str| now[&format!("bucket{{le=\"{bound}\",path=\"{path}\"}}")];
                    let up_to: Vec<_> =
                        bounds.iter().map(|bound| le(&format!("{bound:?}"))).collect();
                    let up_to = [up_to, vec![le("+Inf")]].concat();
                    assert!(up_to.is_sorted(), "{page}");
                    assert_eq!(now[&format!("count{{path=\"{path}\"}}")], up_to[5], "{page}");
                    // Every observation is a whole number, so the sum tells its bucket's share.
                    let below: f64 = up_to[..5].iter().sum();
                    let sum = 6.0 * up_to[5] - below;
                    assert_eq!(now[&format!("sum{{path=\"{path}\"}}")], sum, "{page}");
                    for (name, value) in now {
                        let before = last.insert(name.clone(), value).unwrap_or(0.0);
                        assert!(before <= value, "{name}: {before}, then {value}");
                    }
                }
            }
        });
        let pages_are_consistent = scraper.join();
        running.store(false, Relaxed);
        let observed: u32 =
            observers.into_iter().map(|observer| observer.join().expect("it observes")).sum();
        pages_are_consistent.expect("each page is consistent");
        let page = page(&registry);
        let counts = PATHS.map(|path| values(&page, path)[&format!("count{{path=\"{path}\"}}")]);
        assert_eq!(counts.iter().sum::<f64>(), f64::from(observed));
    });
}
