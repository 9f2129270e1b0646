//! A primary that Sentinels name.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hotcount::redis::{Error, Publisher, Store, TIMEOUT};
use hotcount::{AtomicCounter, Counter};

use crate::bounded::{insist, until};
use crate::fake::{Fake, counted, free_listener, port};
use crate::server::Server;
use crate::totals::total;

/// A Sentinel that monitors `primary` under the name `hot`.
fn sentinel_of(primary: &Server) -> Server {
    let monitor = format!("sentinel monitor hot 127.0.0.1 {} 1\n", primary.port);
    let settings = "sentinel down-after-milliseconds hot 500\nsentinel failover-timeout hot 3000\n";
    Server::with_files(&["sentinel.conf", "--sentinel"], |directory| {
        let file = directory.join("sentinel.conf");
        std::fs::write(file, monitor + settings).expect("a directory");
    })
}

fn publisher(sentinels: &[&Server], primary: &str) -> Publisher {
    let urls: Vec<String> = sentinels.iter().map(|sentinel| sentinel.url()).collect();
    let store = Store::behind_sentinels(urls, primary).expect("URLs");
    let publisher = Publisher::connect(store, "web").expect("it starts");
    publisher.publish_every(Duration::from_millis(50));
    publisher
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn the_primary_after_a_failover_gets_everything() {
    let (mut old, new) = (Server::start(), Server::start());
    let () = new.run(&["REPLICAOF", "127.0.0.1", &old.port.to_string()]);
    let sentinel = sentinel_of(&old);
    let publisher = publisher(&[&sentinel], "redis://hot/");
    let hits = Arc::new(AtomicCounter::from(3));
    publisher.watch("hits", hits.clone());
    insist("a publish to the first primary", || publisher.publish());
    assert_eq!(total(&old, "hits"), 3);
    insist("the replica is known", || {
        let replicas: Vec<redis::Value> = sentinel.run(&["SENTINEL", "REPLICAS", "hot"]);
        if replicas.is_empty() { Err(()) } else { Ok(()) }
    });
    old.kill();
    hits.add(4);
    insist("a publish to the new primary", || publisher.publish());
    assert_eq!(total(&new, "hits"), 7);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_sentinel_that_hangs_is_passed_over() {
    let mut primary = Server::start();
    let (hanging, working) = (sentinel_of(&primary), sentinel_of(&primary));
    hanging.hang();
    let publisher = publisher(&[&hanging, &working], "redis://hot/");
    let hits = Arc::new(AtomicCounter::from(3));
    publisher.watch("hits", hits.clone());
    insist("a publish by the second Sentinel", || publisher.publish());
    // The one that answered is asked first from now on.
    primary.kill();
    primary.restart();
    hits.add(4);
    insist("a publish after a restart", || publisher.publish());
    assert_eq!(total(&primary, "hits"), 7);
    working.hang();
    primary.kill();
    primary.restart();
    let error = publisher.publish().expect_err("both Sentinels hang");
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    until("the failure is known", || publisher.health().failing_since);
    let start = Instant::now();
    for _ in 0..100 {
        assert_eq!(publisher.total("hits").expect("the last one is kept").value(), 7);
    }
    assert!(start.elapsed() < TIMEOUT, "{:?}: no caller waits for a Sentinel", start.elapsed());
    hanging.wake();
    insist("a publish after a Sentinel woke up", || publisher.publish());
    assert_eq!(total(&primary, "hits"), 7);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_name_that_no_sentinel_knows_is_an_error_that_names_it() {
    let primary = Server::start();
    let sentinel = sentinel_of(&primary);
    let publisher = publisher(&[&sentinel], "redis://cold/");
    publisher.watch("hits", AtomicCounter::from(3));
    let error = publisher.publish().expect_err("the Sentinel monitors `hot`");
    assert!(matches!(error, Error::Denied { .. }), "{error}");
    let text = error.to_string();
    assert!(
        text.contains("the Sentinel knows no primary of this name") && text.contains("cold"),
        "{text}"
    );
    assert!(text.ends_with("; take the name that the Sentinels monitor"), "{text}");
}

/// The URL of a Sentinel that names the server at `port` as the primary.
fn url_of_one_that_names(port: u16) -> String {
    let port = port.to_string();
    let named = format!("*2\r\n$9\r\n127.0.0.1\r\n${}\r\n{port}\r\n", port.len());
    Fake::start(move |_| named.clone()).url()
}

#[test]
fn another_sentinel_is_asked_after_one_that_named_a_server_that_does_not_work() {
    let replica = Fake::start(|_| "-READONLY this is a replica\r\n".into());
    let silent = free_listener();
    let primary = Fake::start(counted);
    for (named, text) in [(replica.port, "READONLY"), (port(&silent), "no answer within 2s")] {
        let sentinels = [named, primary.port].map(url_of_one_that_names);
        let store = Store::behind_sentinels(sentinels, "redis://hot/").expect("URLs");
        let publisher = Publisher::connect(store, "web").expect("it starts");
        publisher.publish_every(Duration::MAX);
        publisher.watch("hits", AtomicCounter::from(3));
        let error = publisher.publish().expect_err("the first Sentinel knows an old primary");
        assert!(error.to_string().contains(text), "{error}");
        until("the failure is known", || publisher.health().failing_since);
        publisher.publish().expect("the second one knows the primary");
        assert_eq!(publisher.total("hits").expect("it was published").value(), 3);
    }
}

#[cfg(unix)]
#[test]
fn a_path_in_the_place_of_the_primarys_name_is_an_error() {
    let error = Store::behind_sentinels(["redis://10.0.0.1:26379/"], "redis+unix:///run/redis")
        .err()
        .expect("it is no name");
    assert!(matches!(error, Error::Url(_)), "{error}");
    assert!(error.to_string().contains("a primary by its name, not by a path"), "{error}");
}
