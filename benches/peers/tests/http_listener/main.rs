//! `Sharded` behind the HTTP listener of metrics-exporter-prometheus, as the docs show it.
#![allow(missing_docs)]

mod after;
mod before;
#[path = "../../../../tests/switch/diff.rs"]
mod diff;
#[path = "../http.rs"]
mod http;

use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use metrics::counter;

#[test]
fn the_diff_of_the_docs_is_what_is_tested_here() {
    let docs = include_str!("../../../../src/metrics/mod.rs");
    diff::is_in(docs, include_str!("before.rs"), include_str!("after.rs"));
    let _ = before::serve_metrics;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scrape_shows_all_that_was_counted_before_the_last_flush() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = free.local_addr().expect("it has an address");
    drop(free);
    after::serve_metrics(address).expect("it serves");
    let mut counted = 0;
    for n in [7, 1, 2] {
        counter!("hits_total").increment(n);
        counted += n;
        let start = Instant::now();
        let line = format!("hits_total {counted}");
        loop {
            let page = http::get(address, "/metrics");
            if page.lines().any(|l| l == line) {
                break;
            }
            assert!(start.elapsed() < Duration::from_secs(10), "after ten seconds: {page}");
            thread::sleep(Duration::from_millis(10));
        }
    }
}
