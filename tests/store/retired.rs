//! Writers that have gone.

use hotcount::Counter;
use hotcount::redis::{Error, TOMBSTONE_LIFETIME};

use crate::proxy::{Fault, Proxy};
use crate::publisher::{publisher_total, writer};
use crate::server::Server;

const TOTALS: &str = "{hotcount:hits}:totals";
const TOMBSTONE: &str = "{hotcount:hits}:retired:web-1";

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn a_retired_writer_leaves_its_count_and_a_tombstone_that_ends() {
    let store = Server::start();
    for (name, total) in [("web-1", 999), ("web-2", 2), ("web-3", 1 << 60)] {
        writer(&store.url(), name, total).0.retire().expect("the store is up");
    }
    let fields: Vec<String> = store.run(&["HKEYS", TOTALS]);
    assert_eq!(fields, ["retired"]);
    assert_eq!(publisher_total(&store, "hits"), (1 << 60) + 1_001);
    let left: u128 = store.run(&["PTTL", TOMBSTONE]);
    let life = TOMBSTONE_LIFETIME.as_millis();
    assert!((life - 60_000..=life).contains(&left), "{left}");
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn a_key_that_fails_keeps_no_other_from_being_retired() {
    let store = Server::start();
    let _: String = store.run(&["SET", "{hotcount:bad}:totals", "text"]);
    let (mut publisher, _) = writer(&store.url(), "web-1", 7);
    publisher.watch("bad", hotcount::AtomicCounter::from(1));
    let error = publisher.retire().expect_err("one of the keys is no hash");
    assert!(matches!(&error, Error::Refused { key, .. } if key == "bad"), "{error:?}");
    let fields: Vec<String> = store.run(&["HKEYS", TOTALS]);
    assert_eq!(fields, ["retired"]);
    assert_eq!(publisher_total(&store, "hits"), 7);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn retiring_twice_counts_once() {
    let store = Server::start();
    let (mut publisher, _) = writer(&store.url(), "web-1", 7);
    publisher.retire().expect("the store is up");
    publisher.retire().expect("it is retired already");
    publisher.retire_writer("web-1").expect("it is retired already");
    publisher.retire_writer("never seen").expect("there is nothing to fold");
    assert_eq!(publisher_total(&store, "hits"), 7);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn a_command_that_comes_after_its_writer_retired_changes_nothing() {
    let store = Server::start();
    let proxy = Proxy::start(store.port, Fault::Hold);
    let (mut publisher, hits) = writer(&proxy.url(), "web-1", 5);
    publisher.publish().expect_err("the command is held on the way");
    hits.add(3);
    proxy.set(Fault::None);
    // The one that is held stays held: the proxy's new connections pass.
    publisher.retire().expect("the store is up");
    assert_eq!(publisher_total(&store, "hits"), 8);
    proxy.release();
    assert_eq!(publisher_total(&store, "hits"), 8);

    // The bound of this promise: without its tombstone the command is that of a new writer.
    let proxy = Proxy::start(store.port, Fault::Hold);
    let (mut publisher, _) = writer(&proxy.url(), "web-1", 8);
    publisher.publish().expect_err("the command is held on the way");
    let () = store.run(&["DEL", TOMBSTONE]);
    proxy.release();
    assert_eq!(publisher_total(&store, "hits"), 16);
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn who_was_taken_for_dead_goes_on_counting_exactly() {
    let store = Server::start();
    let (mut alive, hits) = writer(&store.url(), "web-1", 0);
    let (mut other, _) = writer(&store.url(), "web-2", 1_000);
    hits.add(95);
    alive.publish().expect("the store is up");
    other.publish().expect("the store is up");
    other.retire_writer("web-1").expect("the store is up");
    assert_eq!(publisher_total(&store, "hits"), 1_095);
    for _ in 0..3 {
        let () = store.run(&["PEXPIRE", TOMBSTONE, "5000"]);
        alive.publish().expect("nothing new, but it is alive");
        let left: u64 = store.run(&["PTTL", TOMBSTONE]);
        assert!(left > 5_000, "{left}");
        hits.add(10);
        alive.publish().expect("the store is up");
        let left: i64 = store.run(&["PTTL", TOMBSTONE]);
        assert!(left > 5_000, "{left}: the tombstone still ends");
        assert_eq!(publisher_total(&store, "hits"), hits.get() + 1_000);
    }
    other.retire_writer("web-1").expect("there is nothing left to fold");
    alive.retire().expect("nor here");
    assert_eq!(publisher_total(&store, "hits"), 1_125);

    // Its name is still taken.
    let (mut fresh, _) = writer(&store.url(), "web-1", 10);
    let error = fresh.publish().expect_err("a new life under an old name");
    assert!(matches!(error, Error::NameInUse { sent: 10, stored: 125, .. }), "{error:?}");
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --include-ignored"]
fn totals_that_somebody_deleted_do_not_make_the_retired_negative() {
    let store = Server::start();
    let (mut alive, hits) = writer(&store.url(), "web-1", 100);
    alive.retire().expect("the store is up");
    let () = store.run(&["DEL", TOTALS]);
    hits.add(11);
    alive.publish().expect("the store is up");
    assert_eq!(publisher_total(&store, "hits"), 11);
}
