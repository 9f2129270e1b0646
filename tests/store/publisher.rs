//! Totals on a store that works.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use hotcount::redis::{Error, Publisher};
use hotcount::{AtomicCounter, Counter, LockedCounter, ShardedCounter};

use crate::bounded::until;
use crate::fake::{Fake, counted};
use crate::proxy::{Fault, Proxy};
use crate::server::Server;
use crate::totals::{LONG, lives, publisher, total, writer};

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn the_total_is_the_sum_over_processes_and_keys_are_apart() {
    static BYTES: ShardedCounter = ShardedCounter::new();
    let store = Server::start();
    let (one, hits) = writer(&store.url(), 0);
    let (other, _) = writer(&store.url(), 30);
    one.watch("bytes", &BYTES);
    one.watch("errors", LockedCounter::from(7));
    assert_eq!(total(&store, "hits"), 0);

    hits.add(12);
    BYTES.add(1_000);
    one.publish().expect("the store is up");
    other.publish().expect("the store is up");
    for reader in [&one, &other] {
        let totals = ["hits", "bytes", "errors", "missing"]
            .map(|key| reader.total_within(key, LONG).expect(key).value());
        assert_eq!(totals, [42, 1_000, 7, 0]);
    }
    hits.increment();
    one.publish().expect("the store is up");
    one.publish().expect("and nothing is counted twice");
    assert_eq!(total(&store, "hits"), 43);
    assert_eq!(lives(&store, "hits").len(), 2);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_key_that_no_caller_asks_for_is_read_for_a_minute_more() {
    let store = Server::start();
    let reader = Publisher::connect(store.url(), "web").expect("it parses");
    reader.publish_every(Duration::from_millis(20));
    until("a total", || reader.total("other").ok());
    let reads = || {
        let info: String = store.run(&["INFO", "commandstats"]);
        let line = info.lines().find_map(|line| line.strip_prefix("cmdstat_hget:calls="));
        let (calls, _) = line.expect("it was read").split_once(',').expect("more follows");
        calls.parse::<u64>().expect("a number")
    };
    std::thread::sleep(Duration::from_secs(30));
    let before = reads();
    until("it is read still", || (reads() > before).then_some(()));
    std::thread::sleep(Duration::from_secs(31));
    until("it is read no more", || {
        let before = reads();
        std::thread::sleep(Duration::from_millis(500));
        (reads() == before).then_some(())
    });
    let error = reader.total("other").expect_err("it is forgotten");
    assert!(matches!(error, Error::NotRead { .. }), "{error}");
    assert_eq!(until("the first answer", || reader.total("other").ok()).value(), 0);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn the_background_publishes_and_reads_without_a_call() {
    let store = Server::start();
    let hits = AtomicCounter::from(5);
    let [one, other] = [(); 2].map(|()| {
        let publisher = Publisher::connect(store.url(), "web").expect("it parses");
        publisher.publish_every(Duration::from_millis(20));
        publisher
    });
    one.watch("hits", hits);
    until("the other machine sees the counts", || {
        other.total("hits").ok().filter(|total| total.value() == 5)
    });
    let seen = other.total("hits").expect("it was read").age();
    until("the total is read again", || {
        other.total("hits").ok().filter(|total| total.age() < seen)
    });
    let health = one.health();
    assert!(health.successes > 0 && health.failures == 0, "{health:?}");
    assert!(health.last_success.is_some() && health.failing_since.is_none(), "{health:?}");
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn totals_keep_every_digit_up_to_the_largest_u64() {
    let store = Server::start();
    // Neighbors that are one and the same as doubles; 2^63 is past the integers of Redis.
    let steps = [9, 10, 99, 1 << 53, (1 << 53) + 1, (1 << 63) - 1, 1 << 63, u64::MAX - 1, u64::MAX];
    let (one, hits) = writer(&store.url(), 0);
    for value in steps {
        hits.add(value - hits.get());
        one.publish().expect("the store is up");
        assert_eq!(total(&store, "hits"), value);
    }
    let (other, _) = writer(&store.url(), 1);
    for result in [other.publish(), other.total("hits").map(drop), other.publish()] {
        let error = result.expect_err("the sum is above the largest u64");
        assert!(matches!(&error, Error::Overflow { key } if key == "hits"), "{error}");
        let text = "the counter of \"hits\" has wrapped, or its total is above 18446744073709551615: go on under a new key";
        assert_eq!(error.to_string(), text);
    }
    let stored: String = store.run(&["HGET", "hotcount:totals:hits", "total"]);
    assert_eq!(stored, "18446744073709551616");
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_counter_that_wraps_is_an_error_and_its_total_stays() {
    let store = Server::start();
    let (publisher, hits) = writer(&store.url(), u64::MAX);
    publisher.publish().expect("the store is up");
    hits.add(5);
    for _ in 0..2 {
        let error = publisher.publish().expect_err("it has wrapped");
        assert!(matches!(error, Error::Overflow { .. }), "{error}");
    }
    assert_eq!(total(&store, "hits"), u64::MAX);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn all_counters_are_published_in_one_exchange() {
    let store = Server::start();
    let proxy = Proxy::start(store.port, Fault::None);
    let publisher = publisher(&proxy.url());
    for n in 0..100 {
        publisher.watch(&format!("hits-{n}"), AtomicCounter::from(n));
    }
    publisher.publish().expect("the lives are introduced");
    let () = store.run(&["FLUSHDB"]);
    // What is sent before any answer comes is the whole of it.
    proxy.set(Fault::Hold);
    publisher.publish().expect_err("the commands are held");
    proxy.release();
    let sum: u64 = (0..100).map(|n| total(&store, &format!("hits-{n}"))).sum();
    assert_eq!(sum, 99 * 100 / 2);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_hundred_thousand_counters_are_watched_and_published() {
    let store = Server::with(&[]);
    let publisher = publisher(&store.url());
    for n in 0..100_000 {
        publisher.watch(&format!("hits-{n}"), AtomicCounter::from(1));
    }
    // The call gives up first; the background thread goes on.
    let _ = publisher.publish();
    let keys = || store.run::<u64>(&["DBSIZE"]);
    until("all are published", || (keys() == 100_000).then_some(()));
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn any_text_is_a_key_and_a_label() {
    let store = Server::start();
    let keys = ["", "/users/{id}", "}", "%7D", "a b\r\n\"", "ключ", "hits}:totals"];
    for (n, key) in (1..).zip(keys) {
        for label in ["", "ended", " ", "}:totals", "web\r\n1"] {
            let publisher = Publisher::connect(store.url(), label).expect("it parses");
            publisher.watch(key, AtomicCounter::from(n));
            publisher.retire().expect("the store is up");
        }
    }
    for (n, key) in (1..).zip(keys) {
        assert_eq!(total(&store, key), 5 * n, "{key}");
        let reader = publisher(&store.url());
        assert_eq!(reader.sweep(key, Duration::ZERO).expect("all have ended"), 0, "{key}");
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_publisher_that_is_dropped_stops() {
    let store = Server::start();
    let proxy = Proxy::start(store.port, Fault::None);
    let (publisher, _) = writer(&proxy.url(), 1);
    publisher.publish_every(Duration::from_millis(5));
    publisher.publish().expect("the store is up");
    assert_eq!(proxy.clients(), 1);
    drop(publisher);
    until("the connection is closed", || (proxy.clients() == 0).then_some(()));
}

#[test]
fn the_shortest_interval_is_a_millisecond() {
    let rounds = Arc::new(AtomicU32::new(0));
    let seen = rounds.clone();
    let store = Fake::start(move |words| {
        seen.fetch_add(1, Relaxed);
        counted(words)
    });
    let (publisher, _) = writer(&store.url(), 1);
    let start = Instant::now();
    publisher.publish_every(Duration::ZERO);
    until("200 rounds", || (rounds.load(Relaxed) >= 200).then_some(()));
    let taken = start.elapsed();
    assert!(taken >= Duration::from_millis(199), "{taken:?}");
}
