//! What needs no store at all.

use std::sync::Arc;

use hotcount::redis::{Error, Publisher, Tickets};
use hotcount::{AtomicCounter, Counter, ShardedCounter};

use crate::server::free_port;

fn nobody() -> String {
    format!("redis://127.0.0.1:{}/", free_port())
}

#[test]
fn connect_only_parses() {
    let publisher = Publisher::connect(&nobody(), "web-1").expect("nobody need be there");
    assert_eq!(format!("{publisher:?}"), r#"Publisher { writer: "web-1", watched: [], .. }"#);
    let tickets = Tickets::connect(&nobody(), "orders", 1_000).expect("nobody need be there");
    assert_eq!(format!("{tickets:?}"), r#"Tickets { key: "orders", block: 1000, .. }"#);
}

#[test]
fn what_cannot_be_parsed_is_named_without_its_password() {
    for url in ["", "nonsense", "http://:secret@host/", "redis://:secret@host:port/"] {
        let error = Publisher::connect(url, "web-1").expect_err("it is no URL of Redis");
        assert!(matches!(error, Error::Url(_)), "{error:?}");
        let told = format!("{error} {error:?}");
        assert!(told.starts_with("not a URL of Redis, as redis://host:6379/: "), "{told}");
        assert!(!told.contains("secret"), "{told}");
        let error = Tickets::connect(url, "orders", 1).expect_err("it is no URL of Redis");
        assert!(matches!(error, Error::Url(_)), "{error:?}");
    }
}

#[test]
fn an_empty_name_and_an_impossible_block_are_errors() {
    let error = Publisher::connect(&nobody(), "").expect_err("the name is empty");
    assert_eq!(error.to_string(), "the writer's name is empty: take `Publisher::random_name()`");
    for block in [0, 1 << 63, u64::MAX] {
        let error = Tickets::connect(&nobody(), "orders", block).expect_err("no such block");
        assert!(matches!(error, Error::Block(length) if length == block), "{error:?}");
    }
    Tickets::connect(&nobody(), "orders", i64::MAX as u64).expect("the longest block");
}

#[test]
fn random_names_differ() {
    let [one, other] = [(); 2].map(|()| Publisher::random_name());
    assert_ne!(one, other);
    assert_eq!((one.len(), other.len()), (32, 32));
}

#[test]
#[should_panic(expected = "\"hits\" is watched already")]
fn a_key_is_watched_once() {
    static HITS: ShardedCounter = ShardedCounter::new();
    let mut publisher = Publisher::connect(&nobody(), "web-1").expect("it parses");
    publisher.watch("hits", &HITS);
    publisher.watch("hits", Arc::new(AtomicCounter::new()));
}

#[test]
fn without_a_store_counting_goes_on_and_each_call_says_what_is_wrong() {
    let hits = Arc::new(ShardedCounter::new());
    let mut publisher = Publisher::connect(&nobody(), "web-1").expect("it parses");
    publisher.publish().expect("nothing is watched, nothing is sent");
    publisher.watch("hits", hits.clone());
    hits.add(3);
    let tickets = Tickets::connect(&nobody(), "orders", 10).expect("it parses");
    let errors = [
        publisher.publish().expect_err("nobody is there"),
        publisher.total("hits").expect_err("nobody is there"),
        publisher.retire().expect_err("nobody is there"),
        publisher.retire_writer("web-2").expect_err("nobody is there"),
        tickets.next().expect_err("nobody is there"),
    ];
    for error in errors {
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        let told = error.to_string();
        assert!(told.starts_with("the store is not available: Connection refused"), "{told}");
        assert!(told.ends_with("; the next call tries again"), "{told}");
        assert!(std::error::Error::source(&error).is_some());
    }
    hits.increment();
    assert_eq!(hits.get(), 4);
}

#[test]
fn a_publisher_moves_between_threads_and_tickets_are_shared_by_them() {
    fn moves<T: Send + 'static>() {}
    fn is_shared<T: Send + Sync + 'static>() {}
    moves::<Publisher>();
    is_shared::<Tickets>();
    is_shared::<Error>();
}
