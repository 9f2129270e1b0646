//! Processes that begin, end, and come back.

use std::sync::Arc;
use std::time::Duration;

use hotcount::redis::Publisher;
use hotcount::{AtomicCounter, Counter};

use crate::forgotten::{HASH, end_a_thousand_others};
use crate::proxy::{Fault, Proxy};
use crate::server::Server;
use crate::totals::{LONG, lives, publisher, total, writer};

/// A counter that outlives its process, as one in a file.
#[derive(Clone)]
struct Persistent(Arc<AtomicCounter>);

impl Counter for Persistent {
    fn add(&self, n: u64) {
        self.0.add(n);
    }
    fn get(&self) -> u64 {
        self.0.get()
    }
    fn persistent_id(&self) -> Option<u128> {
        Some(7)
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_process_that_restarts_under_one_label_counts_each_time() {
    let store = Server::start();
    for hits in [1_000, 1_010, 1_020, 1_030] {
        let publisher = Publisher::connect(store.url(), "web-1").expect("it parses");
        publisher.watch("hits", AtomicCounter::from(hits));
        publisher.publish().expect("the store is up");
    }
    assert_eq!(total(&store, "hits"), 4_060);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_retired_life_leaves_its_count_and_a_record() {
    let store = Server::start();
    let (one, hits) = writer(&store.url(), 999);
    let (other, _) = writer(&store.url(), 1 << 60);
    one.retire().expect("the store is up");
    one.retire().expect("it is retired already");
    other.retire().expect("the store is up");
    assert_eq!(total(&store, "hits"), (1 << 60) + 999);
    let left = lives(&store, "hits");
    let ended = left.iter().filter(|(field, _)| field.starts_with("ended:")).count();
    assert_eq!((ended, left.len()), (2, 4), "{left:?}");
    let expires: i64 = store.run(&["TTL", HASH]);
    assert_eq!(expires, -1, "`volatile-lru` evicts what expires");

    // Until it publishes again, it only reads.
    hits.add(1);
    one.total_within("hits", LONG).expect("the store is up");
    assert_eq!(total(&store, "hits"), (1 << 60) + 999);
    one.publish().expect("it goes on after all");
    assert_eq!(total(&store, "hits"), (1 << 60) + 1_000);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_failover_during_retire_loses_nothing_that_retire_confirmed() {
    for answers in 0..4 {
        let (old, empty) = (Server::start(), Server::start());
        let proxy = Proxy::start(old.port, Fault::None);
        let (publisher, hits) = writer(&proxy.url(), 90);
        publisher.publish().expect("the store is up");
        hits.add(10);
        proxy.set(Fault::FailoverAfter(answers, empty.port));
        publisher.retire().expect("one of the two is up");
        let new = if answers == 0 { &empty } else { &old };
        assert_eq!(total(new, "hits"), 100, "after {answers} answers");
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_persistent_counter_counts_once_however_often_it_comes_back() {
    let store = Server::start();
    let counter = Persistent(Arc::new(AtomicCounter::from(100)));
    let open = || {
        let publisher = publisher(&store.url());
        publisher.watch("hits", counter.clone());
        publisher
    };
    open().retire().expect("the store is up");
    // No sweep and no number of other ends makes the store forget it.
    publisher(&store.url()).sweep("hits", Duration::ZERO).expect("the store is up");
    end_a_thousand_others(&store);
    counter.increment();
    let (one, other) = (open(), open());
    one.publish().expect("the store is up");
    counter.increment();
    other.publish().expect("two processes share the file");
    one.publish().expect("the store is up");
    assert_eq!(total(&store, "hits"), 102);
}

#[cfg(feature = "mapped")]
#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_counter_in_a_file_has_one_life_over_all_restarts() {
    let store = Server::start();
    let path = store.dir.join("hits.counters");
    for n in 1..=3 {
        let file = hotcount::mapped::CounterFile::open(&path).expect("a file");
        let hits = file.counter("hits").expect("there is room");
        hits.add(10);
        let publisher = publisher(&store.url());
        publisher.watch("hits", Arc::new(hits));
        publisher.publish().expect("the store is up");
        assert_eq!(total(&store, "hits"), 10 * n);
    }
    let records = lives(&store, "hits");
    assert!(records.len() == 1 && records[0].0.starts_with("file:"), "{records:?}");
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_clock_that_was_set_back_stops_no_count() {
    let store = Server::start();
    let future = "9000000000000000";
    let () = store.run(&["HSET", HASH, "total", "1", "forgotten", future]);
    let (publisher, hits) = writer(&store.url(), 4);
    publisher.publish().expect("its life begins after what is forgotten");
    hits.increment();
    publisher.retire().expect("the store is up");
    assert_eq!(total(&store, "hits"), 6);
}
