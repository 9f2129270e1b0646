//! Totals on a store that works.

use std::sync::Arc;

use hotcount::redis::{Error, Publisher};
use hotcount::{AtomicCounter, Counter, LockedCounter, ShardedCounter};

use crate::proxy::{Fault, Proxy};
use crate::server::Server;

/// A publisher of one counter, under the key `hits`.
pub(crate) fn writer(url: &str, name: &str, start: u64) -> (Publisher, Arc<AtomicCounter>) {
    let hits = Arc::new(AtomicCounter::from(start));
    let mut publisher = Publisher::connect(url, name).expect("it parses");
    publisher.watch("hits", hits.clone());
    (publisher, hits)
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn the_total_is_the_sum_over_writers_and_keys_are_apart() {
    static BYTES: ShardedCounter = ShardedCounter::new();
    let store = Server::start();
    let (mut one, hits) = writer(&store.url(), "web-1", 0);
    let (mut other, _) = writer(&store.url(), "web-2", 30);
    one.watch("bytes", &BYTES);
    one.watch("errors", LockedCounter::from(7));
    assert_eq!(one.total("hits").expect("nobody has published"), 0);

    hits.add(12);
    BYTES.add(1_000);
    one.publish().expect("the store is up");
    other.publish().expect("the store is up");
    for reader in [&mut one, &mut other] {
        let totals =
            ["hits", "bytes", "errors", "missing"].map(|key| reader.total(key).expect(key));
        assert_eq!(totals, [42, 1_000, 7, 0]);
    }
    hits.increment();
    one.publish().expect("the store is up");
    one.publish().expect("and nothing is counted twice");
    assert_eq!(other.total("hits").expect("the store is up"), 43);
    let mut writers: Vec<String> = store.run(&["HKEYS", "{hotcount:hits}:totals"]);
    writers.sort();
    assert_eq!(writers, ["writer:web-1", "writer:web-2"]);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn totals_keep_every_digit_up_to_the_largest_u64() {
    let store = Server::start();
    // Neighbours that are one and the same as doubles; 2^63 is past the integers of Redis.
    let steps = [9, 10, 99, 1 << 53, (1 << 53) + 1, (1 << 63) - 1, 1 << 63, u64::MAX - 1, u64::MAX];
    let (mut publisher, hits) = writer(&store.url(), "web-1", 0);
    for total in steps {
        hits.add(total - hits.get());
        publisher.publish().expect("the store is up");
        assert_eq!(publisher.total("hits").expect("the store is up"), total);
    }
    let (mut other, _) = writer(&store.url(), "web-2", 1);
    other.publish().expect("the store takes it");
    let error = other.total("hits").expect_err("it is above the largest u64");
    assert!(matches!(&error, Error::Overflow { key } if key == "hits"), "{error:?}");
    let told = "the total of \"hits\" is above 18446744073709551615: go on under a new key";
    assert_eq!(error.to_string(), told);

    publisher.retire().expect("the sum of the retired may be larger");
    other.retire().expect("the sum of the retired may be larger");
    let retired: String = store.run(&["HGET", "{hotcount:hits}:totals", "retired"]);
    assert_eq!(retired, "18446744073709551616");
    let error = other.total("hits").expect_err("it is above the largest u64");
    assert!(matches!(error, Error::Overflow { .. }), "{error:?}");
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn a_counter_that_wraps_is_an_error_and_its_total_stays() {
    let store = Server::start();
    let (mut publisher, hits) = writer(&store.url(), "web-1", u64::MAX);
    publisher.publish().expect("the store is up");
    hits.add(5);
    let error = publisher.publish().expect_err("it has wrapped");
    assert!(matches!(error, Error::Overflow { .. }), "{error:?}");
    let error = publisher.publish().expect_err("it has not come back");
    assert!(matches!(error, Error::Overflow { .. }), "{error:?}");
    assert_eq!(publisher.total("hits").expect("the store is up"), u64::MAX);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn all_counters_are_published_in_one_round_trip() {
    let store = Server::start();
    let proxy = Proxy::start(store.port, Fault::None);
    let mut publisher = Publisher::connect(&proxy.url(), "web-1").expect("it parses");
    publisher.total("hits-0").expect("the store is up, and the connection open from here on");
    for n in 0..100 {
        publisher.watch(&format!("hits-{n}"), AtomicCounter::from(n));
    }
    // What is sent before any answer comes is the whole of it.
    proxy.set(Fault::Hold);
    publisher.publish().expect_err("the commands are held");
    proxy.release();
    let sum: u64 = (0..100).map(|n| publisher_total(&store, &format!("hits-{n}"))).sum();
    assert_eq!(sum, 99 * 100 / 2);
}

pub(crate) fn publisher_total(store: &Server, key: &str) -> u64 {
    let mut reader = Publisher::connect(&store.url(), "reader").expect("it parses");
    reader.total(key).expect("the store is up")
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn any_text_is_a_key_and_a_name() {
    let store = Server::start();
    let keys = ["", "/users/{id}", "}", "%7D", "a b\r\n\"", "ключ", "hits}:totals"];
    for (n, key) in (1..).zip(keys) {
        for name in ["retired", " ", "}:totals", "web\r\n1"] {
            let mut publisher = Publisher::connect(&store.url(), name).expect("it parses");
            publisher.watch(key, AtomicCounter::from(n));
            publisher.publish().expect("the store is up");
        }
    }
    for (n, key) in (1..).zip(keys) {
        assert_eq!(publisher_total(&store, key), 4 * n, "{key}");
    }
    // Without a mark at the brace the tombstone of one would be the totals of the other.
    for (key, name) in [("a", "w}:totals"), ("a}:retired:w", "web-1")] {
        let mut publisher = Publisher::connect(&store.url(), name).expect("it parses");
        publisher.watch(key, AtomicCounter::from(3));
        publisher.retire().expect("they are apart");
        assert_eq!(publisher.total(key).expect("they are apart"), 3);
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn a_name_that_held_more_is_in_use() {
    let store = Server::start();
    writer(&store.url(), "web-1", 100).0.publish().expect("the store is up");

    let (mut restarted, hits) = writer(&store.url(), "web-1", 0);
    hits.add(50);
    for more in [0, 30, 100] {
        hits.add(more);
        let error = restarted.publish().expect_err("the name held 100 already");
        let sent = hits.get();
        let expected = format!(
            "the name \"web-1\" is in use: 100 stored for \"hits\", {sent} sent; each life of a \
             process's counters needs its own, as `Publisher::random_name()`"
        );
        assert_eq!(error.to_string(), expected);
    }
    restarted.retire().expect_err("nor does it retire the other");
    assert_eq!(restarted.total("hits").expect("the store is up"), 100);

    // A counter that comes back with its total may come back under its name.
    let (mut back, hits) = writer(&store.url(), "web-1", 100);
    back.publish().expect("it is the same total");
    hits.increment();
    back.publish().expect("and goes on");
    assert_eq!(back.total("hits").expect("the store is up"), 101);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn two_live_writers_of_one_name_are_noticed_even_when_they_overtake_each_other() {
    let store = Server::start();
    let (mut one, of_one) = writer(&store.url(), "web-1", 10);
    let (mut other, of_other) = writer(&store.url(), "web-1", 20);
    one.publish().expect("the first");
    other.publish().expect("it sends more than is stored: not to be told from the first");
    of_one.add(20);
    let error = one.publish().expect_err("20 is stored and 10 was sent");
    assert!(matches!(error, Error::NameInUse { sent: 30, stored: 20, .. }), "{error:?}");
    of_other.add(5);
    other.publish().expect("it keeps the name");
    assert_eq!(other.total("hits").expect("the store is up"), 25);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn one_bad_key_does_not_keep_the_others_from_being_published() {
    let store = Server::start();
    let mut publisher = Publisher::connect(&store.url(), "web-1").expect("it parses");
    for (key, total) in [("a", 1), ("taken", 2), ("b", 3), ("text", 4)] {
        publisher.watch(key, AtomicCounter::from(total));
    }
    let () = store.run(&["SET", "{hotcount:taken}:totals", "precious"]);
    let () = store.run(&["HSET", "{hotcount:text}:totals", "writer:web-1", "precious"]);
    let error = publisher.publish().expect_err("a string stands under the key");
    assert!(matches!(&error, Error::Refused { key, .. } if key == "taken"), "{error:?}");
    let told = error.to_string();
    assert!(told.starts_with("the store refuses \"taken\": WRONGTYPE "), "{told}");
    assert!(told.ends_with("; another program uses this key of the store: choose another one"));
    let error = publisher.total("taken").expect_err("a string stands under the key");
    assert!(matches!(error, Error::Refused { .. }), "{error:?}");
    assert_eq!(["a", "b"].map(|key| publisher_total(&store, key)), [1, 3]);

    let () = store.run(&["DEL", "{hotcount:taken}:totals"]);
    let error = publisher.publish().expect_err("a text stands in the field");
    let told = "the store holds no count for \"text\" but \"precious\": choose another key";
    assert_eq!(error.to_string(), told);
    assert_eq!(publisher.total("text").expect_err("still").to_string(), told);
    assert_eq!(publisher_total(&store, "taken"), 2);
}
