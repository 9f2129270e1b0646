//! Nodes of a cluster that redirect, refuse and are down.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use hotcount::AtomicCounter;
use hotcount::redis::{Error, Publisher};

use crate::fake::{Fake, counted, free_listener, port};
use crate::server::free_port;
use crate::totals::{publisher, writer};

/// The key of the counter in a command of this crate.
fn key(words: &[String]) -> &str {
    let key = words.iter().find_map(|word| word.strip_prefix("hotcount:totals:"));
    key.unwrap_or_default()
}

/// An error that sends the client to another node.
fn redirect(kind: &str, port: u16) -> String {
    format!("-{kind} 1 127.0.0.1:{port}\r\n")
}

/// A publisher that knows the node at `url`, with the counters `a`, `b` and `c`.
fn publisher_of_three(url: &str) -> Publisher {
    let publisher = publisher(url);
    for (key, value) in [("a", 1), ("b", 20), ("c", 300)] {
        publisher.watch(key, AtomicCounter::from(value));
    }
    publisher
}

fn total(publisher: &Publisher, key: &str) -> u64 {
    publisher.total(key).expect(key).value()
}

#[test]
fn each_key_gets_its_own_answer_when_asking_is_refused() {
    let to = Fake::start(|words| match (&*words[0], key(words)) {
        ("ASKING", _) => "-NOPERM this user has no permission to run 'asking'\r\n".into(),
        (_, "a") => redirect("MOVED", free_port()),
        _ => counted(words),
    });
    let port = to.port;
    let from =
        Fake::start(move |words| redirect(if key(words) == "a" { "ASK" } else { "MOVED" }, port));
    let publisher = publisher_of_three(&from.url());
    let error = publisher.publish().expect_err("`a` is on its way");
    assert!(matches!(&error, Error::Refused { key, .. } if key == "a"), "{error}");
    assert!(error.to_string().contains("NOPERM"), "{error}");
    assert_eq!(["b", "c"].map(|key| total(&publisher, key)), [20, 300]);
}

#[test]
fn the_error_of_a_node_that_is_down_stays_when_another_one_names_it_again() {
    let is_moved = Arc::new(AtomicBool::new(false));
    let (moved, down) = (is_moved.clone(), free_port());
    let node =
        Fake::start(
            move |words| {
                if moved.load(Relaxed) { redirect("MOVED", down) } else { counted(words) }
            },
        );
    let (publisher, _) = writer(&node.url(), 6);
    publisher.publish().expect("the node has the key");
    is_moved.store(true, Relaxed);
    let error = publisher.publish().expect_err("the node that has the key now is down");
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    assert_eq!(total(&publisher, "hits"), 6, "the last one stays");
}

#[test]
fn a_redirect_of_a_node_without_another_slot_is_followed() {
    let target = Fake::start(counted);
    let to = target.port;
    let node = Fake::start(move |words| match key(words) {
        "a" => "-CLUSTERDOWN Hash slot not served\r\n".into(),
        _ => redirect("MOVED", to),
    });
    let learned = node.port;
    let given = Fake::start(move |_| redirect("MOVED", learned));
    let publisher = publisher_of_three(&given.url());
    let error = publisher.publish().expect_err("no node has `a`");
    assert!(matches!(&error, Error::Refused { key, .. } if key == "a"), "{error}");
    assert_eq!(["b", "c"].map(|key| total(&publisher, key)), [20, 300]);
}

#[test]
fn a_new_key_is_asked_of_a_node_that_was_given() {
    let mut listeners = [free_listener(), free_listener()];
    // Nodes without a failure are asked in the order of their addresses.
    listeners.sort_by_key(|listener| port(listener).to_string());
    let [first, second] = listeners;
    let learned = port(&first);
    let _left = Fake::at(first, |words| match key(words) {
        "a" => counted(words),
        _ => "-CLUSTERDOWN Hash slot not served\r\n".into(),
    });
    let given = Fake::at(second, move |words| {
        if key(words) == "a" { redirect("MOVED", learned) } else { counted(words) }
    });
    let publisher = publisher(&given.url());
    publisher.watch("a", AtomicCounter::from(1));
    publisher.publish().expect("the other node has it");
    publisher.watch("b", AtomicCounter::from(20));
    publisher.publish().expect("the given node has it");
    assert_eq!(["a", "b"].map(|key| total(&publisher, key)), [1, 20]);
}
