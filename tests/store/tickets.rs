//! Numbers that are unique.

use std::collections::BTreeSet;
use std::thread;
use std::time::Instant;

use hotcount::redis::{Error, Tickets};

use crate::bounded::{insist, until};
use crate::proxy::{Fault, Proxy};
use crate::server::Server;
use crate::totals::LONG;

const KEY: &str = "hotcount:tickets:orders";

fn tickets(url: &str, block: u64) -> Tickets {
    Tickets::connect(url, "orders", block).expect("it parses")
}

fn take(tickets: &Tickets, n: usize) -> Vec<u64> {
    (0..n).map(|_| tickets.next_within(LONG).expect("the store is up")).collect()
}

/// Waits until the store has given numbers up to `last`.
fn wait_for(store: &Server, last: u64) {
    until("the block ahead", || {
        let given: Option<u64> = store.run(&["GET", KEY]);
        (given >= Some(last)).then_some(())
    });
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn blocks_of_all_lengths_interleave_without_a_gap() {
    let store = Server::start();
    let three = tickets(&store.url(), 3);
    wait_for(&store, 3);
    let ten = tickets(&store.url(), 10);
    wait_for(&store, 13);
    assert_eq!(take(&three, 2), [1, 2]);
    wait_for(&store, 16);
    assert_eq!(take(&ten, 2), [4, 5]);
    wait_for(&store, 26);
    assert_eq!(take(&three, 3), [3, 14, 15]);
    wait_for(&store, 29);
    assert_eq!(take(&ten, 9), [6, 7, 8, 9, 10, 11, 12, 13, 17]);
    let other = Tickets::connect(store.url(), "invoices", 5).expect("it parses");
    assert_eq!(take(&other, 1), [1]);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn the_next_block_is_fetched_before_the_present_one_ends() {
    let store = Server::start();
    let orders = tickets(&store.url(), 5);
    assert_eq!(take(&orders, 1), [1]);
    wait_for(&store, 10);
    store.hang();
    let numbers: Vec<u64> = (0..9).map(|_| orders.next().expect("it is here already")).collect();
    assert_eq!(numbers, (2..=10).collect::<Vec<_>>());
    let error = orders.next().expect_err("both blocks are used up");
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    store.wake();
    assert!(insist("a number", || orders.next()) > 10);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn threads_that_use_up_blocks_together_get_each_number_once() {
    let store = Server::with(&[]);
    let machines = [7, 1, 50].map(|block| tickets(&store.url(), block));
    let numbers: Vec<u64> = thread::scope(|scope| {
        let threads: Vec<_> = machines
            .iter()
            .flat_map(|machine| [machine; 4])
            .map(|machine| scope.spawn(|| take(machine, 500)))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("it takes")).collect()
    });
    assert_eq!(numbers.len(), 6_000);
    assert_eq!(BTreeSet::from_iter(&numbers).len(), 6_000);
    // 2,000 from each: 286 blocks of 7, 2,000 of 1, 40 of 50, and a block ahead of each.
    wait_for(&store, 287 * 7 + 2_001 + 41 * 50);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_lost_answer_makes_a_gap_and_no_duplicate() {
    let store = Server::start();
    let proxy = Proxy::start(store.port, Fault::None);
    let orders = tickets(&proxy.url(), 10);
    assert_eq!(take(&orders, 1), [1]);
    until("the block ahead", || (orders.health().successes == 2).then_some(()));
    proxy.set(Fault::Silent);
    assert_eq!(take(&orders, 19), (2..=20).collect::<Vec<_>>());
    wait_for(&store, 30);
    let error = orders.next().expect_err("the store has given a block, but the answer is lost");
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    proxy.set(Fault::None);
    let next = insist("a number", || orders.next());
    assert!(next > 30 && next % 10 == 1, "{next}");
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn the_last_block_ends_at_the_largest_number_of_the_store() {
    let store = Server::start();
    let last = i64::MAX as u64;
    let () = store.run(&["SET", KEY, &(last - 5).to_string()]);
    let orders = tickets(&store.url(), 5);
    assert_eq!(take(&orders, 5), (last - 4..=last).collect::<Vec<_>>());
    until("the end of the numbers", || {
        let error = orders.next().expect_err("there is no larger one");
        (matches!(error, Error::Exhausted { .. })).then_some(error)
    });
    let whole = Tickets::connect(store.url(), "whole", last).expect("it parses");
    assert_eq!(take(&whole, 2), [1, 2]);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_store_that_went_back_is_told_once_and_no_number_comes_again() {
    let store = Server::start();
    let orders = tickets(&store.url(), 10);
    assert_eq!(take(&orders, 1), [1]);
    wait_for(&store, 20);
    let () = store.run(&["SET", KEY, "10"]);
    assert_eq!(take(&orders, 19), (2..=20).collect::<Vec<_>>());
    let error = orders.next_within(LONG).expect_err("it has had 20");
    assert!(matches!(error, Error::WentBack { stored: 10, had: 20, .. }), "{error}");
    assert!(error.to_string().contains("`appendfsync always`"), "{error}");
    assert_eq!(take(&orders, 1), [21]);
    assert!(take(&tickets(&store.url(), 1), 1)[0] >= 31);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_patient_call_holds_up_no_other() {
    let store = Server::start();
    let orders = tickets(&store.url(), 1);
    assert_eq!(take(&orders, 1), [1]);
    store.hang();
    while orders.next().is_ok() {}
    thread::scope(|scope| {
        let patient = scope.spawn(|| orders.next_within(LONG));
        let start = Instant::now();
        for _ in 0..50 {
            orders.next().expect_err("the store hangs");
        }
        assert!(start.elapsed() < LONG / 3, "{:?}", start.elapsed());
        store.wake();
        patient.join().expect("no panic").expect("the store is up");
    });
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn tickets_that_are_dropped_stop() {
    let store = Server::start();
    let proxy = Proxy::start(store.port, Fault::None);
    let orders = tickets(&proxy.url(), 10);
    take(&orders, 1);
    drop(orders);
    until("the connection is closed", || (proxy.clients() == 0).then_some(()));
}
