//! What needs no store at all.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use hotcount::redis::{Error, Health, Publisher, Tickets, Total};
use hotcount::{AtomicCounter, Counter, ShardedCounter};

use crate::bounded::until;
use crate::server::free_port;

fn closed_port() -> String {
    format!("redis://127.0.0.1:{}/", free_port())
}

#[test]
fn connect_waits_for_no_store() {
    let publisher = Publisher::connect(closed_port(), "web").expect("no store is needed");
    assert_eq!(format!("{publisher:?}"), r#"Publisher { label: "web", .. }"#);
    let tickets = Tickets::connect(closed_port(), "orders", 1_000).expect("no store is needed");
    assert_eq!(format!("{tickets:?}"), r#"Tickets { key: "orders", block: 1000, .. }"#);
}

#[test]
fn a_bad_url_is_an_error_without_its_password() {
    for url in ["", "nonsense", "http://:secret@host/", "redis://:secret@host:port/"] {
        let errors = [
            Publisher::connect(url, "web").expect_err("it is no Redis URL"),
            Tickets::connect(url, "orders", 1).expect_err("it is no Redis URL"),
        ];
        for error in errors {
            assert!(matches!(error, Error::Url(_)), "{error}");
            let text = error.to_string();
            assert!(text.starts_with("not a Redis URL, such as redis://host:6379/: "), "{text}");
            assert!(!text.contains("secret"), "{text}");
        }
    }
}

#[cfg(not(feature = "redis-tls"))]
#[test]
fn a_tls_url_without_the_feature_is_an_error_that_names_it() {
    let error = Publisher::connect("rediss://host/", "web").expect_err("the client has no TLS");
    let text = "this URL asks for TLS: enable the feature `redis-tls`";
    assert_eq!(error.to_string(), text);
}

#[test]
fn an_impossible_block_is_an_error() {
    for block in [0, 1 << 63, u64::MAX] {
        let error = Tickets::connect(closed_port(), "orders", block).expect_err("no such block");
        assert!(matches!(error, Error::Block(length) if length == block), "{error}");
    }
    Tickets::connect(closed_port(), "orders", i64::MAX as u64).expect("the longest block");
}

#[test]
#[should_panic(expected = "\"hits\" is watched already")]
fn a_key_is_watched_once() {
    static HITS: ShardedCounter = ShardedCounter::new();
    let publisher = Publisher::connect(closed_port(), "web").expect("it parses");
    let _ = publisher.total("hits");
    publisher.watch("hits", &HITS);
    publisher.watch("hits", Arc::new(AtomicCounter::new()));
}

#[test]
fn without_a_store_counting_goes_on_and_each_call_names_the_cause() {
    let hits = Arc::new(ShardedCounter::new());
    let publisher = Publisher::connect(closed_port(), "web").expect("it parses");
    publisher.publish().expect("nothing is watched, nothing is sent");
    publisher.watch("hits", hits.clone());
    hits.add(3);
    let tickets = Tickets::connect(closed_port(), "orders", 10).expect("it parses");
    let unread = publisher.total("hits").expect_err("no round has ended");
    assert!(matches!(unread, Error::NotRead { .. } | Error::Unavailable(_)), "{unread}");
    let errors = [
        publisher.publish().expect_err("no store is there"),
        publisher.total("hits").expect_err("no store is there"),
        publisher.total_within("hits", Duration::from_secs(9)).expect_err("no store is there"),
        publisher.sweep("hits", Duration::ZERO).expect_err("no store is there"),
        publisher.retire().expect_err("no store is there"),
        until("a failure is recorded", || tickets.health().last_error),
        tickets.next().expect_err("no store is there"),
    ];
    for error in errors {
        assert!(matches!(error, Error::Unavailable(_)), "{error}");
        let text = error.to_string();
        assert!(text.starts_with("the store is not available: Connection refused"), "{text}");
        assert!(text.ends_with("; the next call tries again"), "{text}");
        assert_eq!(format!("{error:?}"), text, "`main` prints the message");
        assert!(std::error::Error::source(&error).is_none(), "the message has the cause");
    }
    let health = publisher.health();
    assert_eq!((health.successes, health.last_success), (0, None));
    assert!(health.failures >= 3 && health.failing_since.is_some(), "{health:?}");
    hits.increment();
    assert_eq!(hits.get(), 4);
}

#[test]
fn a_counter_that_panics_stops_its_publisher_and_is_named_as_the_cause() {
    struct Broken;
    impl Counter for Broken {
        fn add(&self, _: u64) {}
        fn get(&self) -> u64 {
            panic!("a counter of the test, on purpose")
        }
    }
    let publisher = Publisher::connect(closed_port(), "web").expect("it parses");
    publisher.watch("broken", Broken);
    let error = publisher.publish().expect_err("the thread has ended");
    assert!(matches!(error, Error::Stopped), "{error}");
    let error = publisher.publish().expect_err("the thread has ended");
    assert_eq!(error.to_string(), "the background thread has ended: a watched counter panicked");
}

#[test]
fn threads_share_publishers_and_tickets() {
    fn is_shared<T: Debug + Send + Sync + 'static>() {}
    is_shared::<Publisher>();
    is_shared::<Tickets>();
    is_shared::<Error>();
    is_shared::<Health>();
    is_shared::<Total>();
}
