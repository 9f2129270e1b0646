//! A store that fails in every way it can.

use std::thread;
use std::time::{Duration, Instant};

use hotcount::Counter;
use hotcount::redis::{Error, TIMEOUT, Tickets};

use crate::proxy::{Fault, Proxy};
use crate::publisher::{publisher_total, writer};
use crate::server::Server;

/// Far less than a hang, far more than a busy machine needs beyond the time-out.
const SOON: Duration = Duration::from_secs(8);

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn a_store_that_starts_late_and_restarts_gets_everything() {
    let mut store = Server::start();
    store.kill();
    let (mut publisher, hits) = writer(&store.url(), "web-1", 1);
    let tickets = Tickets::connect(&store.url(), "orders", 2).expect("it parses");
    publisher.publish().expect_err("the store is down");
    tickets.next().expect_err("the store is down");
    hits.add(10);
    store.restart();
    publisher.publish().expect("the store is up");
    assert_eq!(publisher.total("hits").expect("the store is up"), 11);
    assert_eq!([(); 2].map(|()| tickets.next().expect("the store is up")), [1, 2]);

    // Between two publishes: the connection is dead and the script forgotten.
    hits.add(100);
    store.kill();
    store.restart();
    publisher.publish().expect("it has connected again by itself");
    assert_eq!(publisher.total("hits").expect("the store is up"), 111);
    assert_eq!(tickets.next().expect("the store is up"), 3);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn writes_that_a_failover_lost_are_repaired_by_the_next_publish() {
    let store = Server::start();
    let (mut publisher, hits) = writer(&store.url(), "web-1", 10);
    publisher.publish().expect("the store is up");
    hits.add(5);
    publisher.publish().expect("the store is up");
    let () = store.run(&["HSET", "{hotcount:hits}:totals", "writer:web-1", "10"]);
    publisher.publish().expect("the store is up");
    assert_eq!(publisher_total(&store, "hits"), 15);
    let () = store.run(&["FLUSHALL"]);
    publisher.publish().expect("the store is up");
    assert_eq!(publisher_total(&store, "hits"), 15);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn an_answer_lost_after_the_command_ran_is_no_error_and_counts_once() {
    let store = Server::start();
    let proxy = Proxy::start(store.port, Fault::None);
    let (mut publisher, hits) = writer(&proxy.url(), "web-1", 1);
    publisher.publish().expect("the store is up");
    hits.add(1);
    // Sent over the open connection, executed, cut off, and sent again over a new one.
    proxy.set(Fault::DropEvery(2));
    publisher.publish().expect("the second answer gets through");
    assert_eq!(publisher_total(&store, "hits"), 2);
    proxy.set(Fault::DropEvery(1));
    hits.add(1);
    let error = publisher.publish().expect_err("no answer gets through");
    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    assert_eq!(publisher_total(&store, "hits"), 3);
    proxy.set(Fault::None);
    publisher.publish().expect("it finds its own total there");
    assert_eq!(publisher_total(&store, "hits"), 3);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn an_old_command_that_comes_late_changes_nothing() {
    let store = Server::start();
    let proxy = Proxy::start(store.port, Fault::Hold);
    let (mut publisher, hits) = writer(&proxy.url(), "web-1", 9);
    publisher.publish().expect_err("the command is held on the way");
    proxy.set(Fault::None);
    hits.add(1);
    publisher.publish().expect("the store is up");
    proxy.release();
    assert_eq!(publisher_total(&store, "hits"), 10);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn no_call_waits_longer_than_the_time_out() {
    let store = Server::start();
    for fault in [Fault::Silent, Fault::Trickle(Duration::from_millis(300))] {
        let proxy = Proxy::start(store.port, fault);
        let (mut publisher, _) = writer(&proxy.url(), "web-1", 4);
        for n in 0..20 {
            publisher.watch(&format!("more-{n}"), hotcount::AtomicCounter::new());
        }
        let tickets = Tickets::connect(&proxy.url(), "orders", 1).expect("it parses");
        let start = Instant::now();
        thread::scope(|scope| {
            // Those who wait for the block that another is fetching wait no longer than that one.
            for _ in 0..8 {
                scope.spawn(|| {
                    let error = tickets.next().expect_err("no answer in time");
                    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
                });
            }
            let error = publisher.publish().expect_err("no answer in time");
            assert_eq!(
                error.to_string(),
                "the store is not available: no answer within 2s; the next call tries again"
            );
        });
        let waited = start.elapsed();
        assert!((TIMEOUT..SOON).contains(&waited), "{waited:?}");
        // Nor does a thread that was left behind wait for ever.
        while fault == Fault::Silent && proxy.clients() > 0 {
            assert!(start.elapsed() < 2 * SOON, "{} connections are left", proxy.clients());
            thread::sleep(Duration::from_millis(10));
        }
        proxy.set(Fault::None);
        publisher.publish().expect("the store is up");
        tickets.next().expect("the store is up");
    }
    assert_eq!(publisher_total(&store, "hits"), 4);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn a_store_out_of_memory_changes_nothing_until_it_has_some() {
    let store = Server::start();
    let (mut publisher, hits) = writer(&store.url(), "web-1", 2);
    publisher.publish().expect("the store is up");
    let tickets = Tickets::connect(&store.url(), "orders", 1).expect("it parses");
    let () = store.run(&["CONFIG", "SET", "maxmemory", "1"]);
    hits.add(3);
    for error in [
        publisher.publish().expect_err("it takes nothing"),
        tickets.next().expect_err("it takes nothing"),
        publisher.retire_writer("web-1").expect_err("it takes nothing"),
    ] {
        let told = error.to_string();
        assert!(told.contains("OOM"), "{told}");
        assert!(told.ends_with("; give the store more memory"), "{told}");
    }
    assert_eq!(publisher.total("hits").expect("reading is allowed"), 2);
    let () = store.run(&["CONFIG", "SET", "maxmemory", "0"]);
    publisher.publish().expect("it has memory again");
    assert_eq!(publisher.total("hits").expect("the store is up"), 5);
    assert_eq!(tickets.next().expect("it has memory again"), 1);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn a_replica_refuses_and_the_new_primary_is_found() {
    let store = Server::start();
    let replica = Server::start();
    let port = store.port.to_string();
    let () = replica.run(&["REPLICAOF", "127.0.0.1", &port]);
    let name = Proxy::start(replica.port, Fault::None);
    let (mut publisher, _) = writer(&name.url(), "web-1", 6);
    let tickets = Tickets::connect(&name.url(), "orders", 1).expect("it parses");
    for error in [
        publisher.publish().expect_err("it is a replica"),
        tickets.next().expect_err("it is a replica"),
    ] {
        let told = error.to_string();
        assert!(told.contains("READONLY"), "{told}");
        assert!(told.ends_with("; this is a replica: take the URL of the primary"), "{told}");
    }
    name.lead_to(store.port);
    publisher.publish().expect("the name leads to the primary now");
    assert_eq!(publisher_total(&store, "hits"), 6);
    assert_eq!(tickets.next().expect("the name leads to the primary now"), 1);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn a_store_that_wants_a_password_says_so() {
    let store = Server::start();
    let (mut publisher, _) = writer(&store.url(), "web-1", 6);
    let mut admin = store.connection();
    let set = |admin: &mut redis::Connection, password: &str| {
        let command = ["SET", "requirepass", password];
        redis::cmd("CONFIG").arg(&command).exec(admin).expect("it is allowed");
    };
    set(&mut admin, "secret");
    let told = publisher.publish().expect_err("no password was given").to_string();
    assert!(told.contains("NOAUTH"), "{told}");
    assert!(told.ends_with("; put the password in the URL: redis://:password@host/"), "{told}");
    let url = |password: &str| format!("redis://:{password}@127.0.0.1:{}/", store.port);
    let told = writer(&url("wrong"), "web-1", 6).0.publish().expect_err("it is wrong").to_string();
    assert!(told.contains("Password authentication failed"), "{told}");
    writer(&url("secret"), "web-1", 6).0.publish().expect("the password is right");
    set(&mut admin, "");
    assert_eq!(publisher_total(&store, "hits"), 6);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn a_store_that_is_still_loading_says_so() {
    let mut store = Server::start();
    let (mut publisher, hits) = writer(&store.url(), "web-1", 6);
    publisher.publish().expect("the store is up");
    let fill = "for n = 1, 10000 do redis.call('SET', n, n) end";
    let () = store.run(&["EVAL", fill, "0"]);
    store.kill();
    hits.add(1);
    store.restart_slowly();
    let told = publisher.publish().expect_err("it reads its file").to_string();
    assert!(told.contains("LOADING"), "{told}");
    assert!(told.ends_with("; the store is starting: it will answer soon"), "{told}");
    store.kill();
    store.restart();
    publisher.publish().expect("it has read its file");
    assert_eq!(publisher_total(&store, "hits"), 7);
}
