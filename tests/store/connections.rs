//! The connection to the store: how long it is kept, and what breaks it.

use std::thread;
use std::time::Duration;

use hotcount::Counter;

use crate::proxy::{Fault, Proxy};
use crate::server::Server;
use crate::totals::{total, writer};

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_connection_that_a_router_forgot_costs_no_publish() {
    let store = Server::start();
    let proxy = Proxy::start(store.port, Fault::None);
    let (publisher, hits) = writer(&proxy.url(), 0);
    for n in 1..=3 {
        hits.increment();
        publisher.publish().expect("a new connection is made in time");
        assert_eq!(total(&store, "hits"), n);
        proxy.forget();
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_connection_is_kept_and_replaced_after_30_idle_seconds() {
    let store = Server::start();
    let proxy = Proxy::start(store.port, Fault::None);
    let (publisher, _) = writer(&proxy.url(), 1);
    for _ in 0..5 {
        publisher.publish().expect("the store is up");
    }
    assert_eq!(proxy.opened(), 1);
    thread::sleep(Duration::from_secs(31));
    publisher.publish().expect("the store is up");
    assert_eq!(proxy.opened(), 2);
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn the_system_probes_an_idle_connection() {
    let store = Server::start();
    let (publisher, _) = writer(&store.url(), 1);
    publisher.publish().expect("the store is up");
    // The sockets to the store: the 6th field of a line is a timer, of type 2 for keep-alive.
    let table = std::fs::read_to_string("/proc/net/tcp").expect("Linux has it");
    let remote = format!("0100007F:{:04X}", store.port);
    let sockets = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let timers: Vec<String> = sockets
        .filter(|fields| fields[2] == remote && fields[3] == "01")
        .map(|fields| fields[5].to_owned())
        .collect();
    assert!(timers.iter().any(|timer| timer.starts_with("02:")), "{timers:?}");
}
