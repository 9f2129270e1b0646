//! `Sharded` behind axum-prometheus, as the docs show it.
#![allow(missing_docs)]

mod after;
mod before;
#[path = "../../../../tests/switch/diff.rs"]
mod diff;
#[path = "../http.rs"]
mod http;

use std::thread;

use tokio::net::TcpListener;

#[test]
fn the_diff_of_the_docs_is_what_is_tested_here() {
    let docs = include_str!("../../../../src/metrics/mod.rs");
    diff::is_in(docs, include_str!("before.rs"), include_str!("after.rs"));
    let _ = before::service;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scrape_shows_every_request_that_was_answered() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it has an address");
    let service = after::service().expect("it is the only recorder");
    tokio::spawn(async move { axum::serve(listener, service).await });
    let requests = || (0..25).for_each(|_| assert!(http::get(address, "/").ends_with("counted")));
    for answered in [100, 200] {
        thread::scope(|scope| (0..4).for_each(|_| _ = scope.spawn(requests)));
        let page = http::get(address, "/metrics");
        let mut lines = page.lines().filter(|line| line.starts_with("axum_http_requests_total{"));
        let line = lines.next().expect("the counter is on the page");
        assert_eq!(lines.next(), None, "{page}");
        assert!(line.contains(r#"endpoint="/""#) && line.contains(r#"status="200""#), "{line}");
        assert!(line.ends_with(&format!("}} {answered}")), "{line}");
        assert!(page.contains("axum_http_requests_duration_seconds_bucket{"), "{page}");
    }
}
