//! A store that cannot be reached, and a wire that loses what passes.

use std::thread;
use std::time::{Duration, Instant};

use hotcount::redis::{Error, TIMEOUT, Tickets};
use hotcount::{AtomicCounter, Counter};

use crate::bounded::{insist, until};
use crate::proxy::{Fault, Proxy};
use crate::server::Server;
use crate::totals::{LONG, lives, total, writer};

/// Far less than a hang, far more than a busy machine needs beyond the time-out.
const SOON: Duration = Duration::from_secs(20);

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_store_that_starts_late_and_restarts_gets_everything() {
    let mut store = Server::start();
    store.kill();
    let (publisher, hits) = writer(&store.url(), 1);
    let tickets = Tickets::connect(store.url(), "orders", 2).expect("it parses");
    publisher.publish().expect_err("the store is down");
    until("a failure", || tickets.next().err());
    hits.add(10);
    store.restart();
    publisher.publish().expect("the store is up");
    assert_eq!(total(&store, "hits"), 11);
    assert_eq!([(); 2].map(|()| tickets.next_within(LONG).expect("the store is up")), [1, 2]);

    // Between two publishes: the connection is dead and the script forgotten.
    hits.add(100);
    store.kill();
    store.restart();
    publisher.publish().expect("it has connected again by itself");
    assert_eq!(total(&store, "hits"), 111);
    assert!(tickets.next_within(LONG).expect("the store is up") >= 3);
    let health = publisher.health();
    assert!(health.failures == 1 && health.last_error.is_some(), "{health:?}");
    assert!(health.failing_since.is_none(), "{health:?}");
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn writes_that_a_failover_lost_are_sent_again_by_the_next_publish() {
    let store = Server::start();
    let (publisher, hits) = writer(&store.url(), 10);
    publisher.publish().expect("the store is up");
    // The hash as the replica has it: one moment of the past.
    let dump: Vec<u8> = store.run(&["DUMP", "hotcount:totals:hits"]);
    hits.add(5);
    publisher.publish().expect("the store is up");
    let mut restore = redis::cmd("RESTORE");
    restore.arg("hotcount:totals:hits").arg(0).arg(dump).arg("REPLACE");
    restore.exec(&mut store.connection()).expect("it is a dump");
    assert_eq!(total(&store, "hits"), 10);
    publisher.publish().expect("the store is up");
    assert_eq!(total(&store, "hits"), 15);
    let () = store.run(&["FLUSHALL"]);
    publisher.publish().expect("the store is up");
    assert_eq!(total(&store, "hits"), 15);
    assert_eq!(lives(&store, "hits").len(), 1);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn an_answer_lost_after_the_command_ran_is_no_error_and_counts_once() {
    let store = Server::start();
    let proxy = Proxy::start(store.port, Fault::None);
    let (publisher, hits) = writer(&proxy.url(), 1);
    publisher.publish().expect("the store is up");
    hits.add(1);
    // Executed, cut off, and sent again over a new connection.
    proxy.set(Fault::DropEvery(2));
    for _ in 0..4 {
        publisher.publish().expect("the second answer gets through");
    }
    assert_eq!(total(&store, "hits"), 2);
    proxy.set(Fault::DropEvery(1));
    hits.add(1);
    let error = publisher.publish().expect_err("no answer gets through");
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    assert_eq!(total(&store, "hits"), 3);
    proxy.set(Fault::None);
    publisher.publish().expect("it finds its own amount there");
    assert_eq!(total(&store, "hits"), 3);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn an_old_command_that_comes_late_changes_nothing() {
    let store = Server::start();
    let proxy = Proxy::start(store.port, Fault::None);
    let (publisher, hits) = writer(&proxy.url(), 9);
    publisher.publish().expect("the store is up");
    hits.add(2);
    proxy.set(Fault::Hold);
    publisher.publish().expect_err("the command is held on the way");
    proxy.set(Fault::None);
    hits.add(1);
    publisher.publish().expect("the store is up");
    proxy.release();
    assert_eq!(total(&store, "hits"), 12);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn no_call_waits_longer_than_it_says() {
    let store = Server::start();
    for fault in [Fault::Silent, Fault::Trickle(Duration::from_millis(300))] {
        let proxy = Proxy::start(store.port, fault);
        let (publisher, hits) = writer(&proxy.url(), 2);
        for n in 0..20 {
            publisher.watch(&format!("more-{n}"), AtomicCounter::new());
        }
        let tickets = Tickets::connect(proxy.url(), "orders", 1).expect("it parses");
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    let error = tickets.next_within(TIMEOUT).expect_err("no answer in time");
                    assert!(matches!(error, Error::Unavailable(_)), "{error}");
                });
            }
            let brief = Duration::from_millis(50);
            let error = publisher.total_within("hits", brief).expect_err("no answer in time");
            assert_eq!(
                error.to_string(),
                "the store is not available: no answer within 50ms; the next call tries again"
            );
            let error = publisher.publish().expect_err("no answer in time");
            assert!(error.to_string().contains("no answer within 2s"), "{error}");
        });
        let waited = start.elapsed();
        assert!(waited < SOON, "{waited:?}");
        proxy.set(Fault::None);
        hits.add(0);
        insist("a publish", || publisher.publish());
        insist("a number", || tickets.next());
    }
    assert_eq!(total(&store, "hits"), 4);
}
