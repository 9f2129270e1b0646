//! Numbers that are unique.

use std::collections::BTreeSet;
use std::thread;

use hotcount::redis::{Error, Tickets};

use crate::proxy::{Fault, Proxy};
use crate::server::Server;

const KEY: &str = "{hotcount:orders}:tickets";

fn tickets(url: &str, block: u64) -> Tickets {
    Tickets::connect(url, "orders", block).expect("it parses")
}

fn take(tickets: &Tickets, n: usize) -> Vec<u64> {
    (0..n).map(|_| tickets.next().expect("the store is up")).collect()
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn blocks_of_all_lengths_interleave_without_a_gap() {
    let store = Server::start();
    let [three, one, ten] = [3, 1, 10].map(|block| tickets(&store.url(), block));
    assert_eq!(take(&three, 2), [1, 2]);
    assert_eq!(take(&one, 2), [4, 5]);
    assert_eq!(take(&ten, 1), [6]);
    assert_eq!(take(&three, 3), [3, 16, 17]);
    assert_eq!(take(&one, 1), [19]);
    assert_eq!(take(&ten, 10), [7, 8, 9, 10, 11, 12, 13, 14, 15, 20]);
    let other = Tickets::connect(&store.url(), "invoices", 5).expect("it parses");
    assert_eq!(take(&other, 1), [1]);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
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
    let different: BTreeSet<u64> = numbers.iter().copied().collect();
    assert_eq!(different.len(), 6_000);
    // 2,000 from each: 286 blocks of 7, 2,000 of 1, 40 of 50, and none of them twice.
    let last: u64 = store.run(&["GET", KEY]);
    assert_eq!(last, 286 * 7 + 2_000 + 2_000);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn a_lost_answer_makes_a_gap_and_no_duplicate() {
    let store = Server::start();
    let proxy = Proxy::start(store.port, Fault::None);
    let orders = tickets(&proxy.url(), 10);
    assert_eq!(take(&orders, 10), (1..=10).collect::<Vec<_>>());
    proxy.set(Fault::Silent);
    let error = orders.next().expect_err("the store has given a block, but who knows");
    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    proxy.set(Fault::None);
    assert_eq!(take(&orders, 1), [21]);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn the_last_block_ends_at_the_largest_number_of_the_store() {
    let store = Server::start();
    let last = i64::MAX as u64;
    let () = store.run(&["SET", KEY, &(last - 5).to_string()]);
    let orders = tickets(&store.url(), 5);
    assert_eq!(take(&orders, 5), (last - 4..=last).collect::<Vec<_>>());
    for _ in 0..2 {
        let error = orders.next().expect_err("there is no larger one");
        assert_eq!(
            error.to_string(),
            "no block of tickets of \"orders\" is left below 9223372036854775807"
        );
    }
    let whole = Tickets::connect(&store.url(), "whole", last).expect("it parses");
    assert_eq!(take(&whole, 2), [1, 2]);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn what_is_not_a_number_is_left_alone() {
    let store = Server::start();
    let orders = tickets(&store.url(), 5);
    assert_eq!(take(&orders, 5), [1, 2, 3, 4, 5]);
    let () = store.run(&["SET", KEY, "!"]);
    let error = orders.next().expect_err("a text stands there");
    assert!(error.to_string().contains("value is not an integer"), "{error}");
    let text: String = store.run(&["GET", KEY]);
    assert_eq!(text, "!");
    let () = store.run(&["DEL", KEY]);
    let () = store.run(&["LPUSH", KEY, "abc"]);
    let error = orders.next().expect_err("a list stands there");
    assert!(error.to_string().contains("WRONGTYPE"), "{error}");
    let () = store.run(&["DEL", KEY]);
    let () = store.run(&["SET", KEY, "-3"]);
    let fresh = tickets(&store.url(), 5);
    let error = fresh.next().expect_err("numbers below 1 are none");
    assert!(matches!(error, Error::NotACount { .. }), "{error:?}");
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn a_store_that_went_back_says_so_once_and_goes_on_behind_what_was_given() {
    let store = Server::start();
    let orders = tickets(&store.url(), 10);
    assert_eq!(take(&orders, 20).last(), Some(&20));
    let () = store.run(&["SET", KEY, "10"]);
    let error = orders.next().expect_err("it has had 20");
    assert!(matches!(error, Error::WentBack { stored: 10, had: 20, .. }), "{error:?}");
    assert!(error.to_string().contains("`appendfsync always`"), "{error}");
    assert_eq!(take(&orders, 1), [21]);
    assert_eq!(take(&tickets(&store.url(), 1), 1), [31]);
}
