//! A cluster of three nodes: it is resharded, and its nodes hang, die and are replaced.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use hotcount::redis::{Error, Publisher, Store, TIMEOUT, Tickets};
use hotcount::{AtomicCounter, Counter};

use crate::bounded::{Over, insist, until};
use crate::nodes::{Cluster, USER};
use crate::totals::LONG;

fn keys(number: u32) -> Vec<String> {
    (0..number).map(|n| format!("hits-{n}")).collect()
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn totals_are_exact_while_a_cluster_is_resharded_and_a_node_is_killed() {
    let mut cluster = Cluster::start();
    let keys = keys(12);
    let counters: Vec<Arc<AtomicCounter>> = keys.iter().map(|_| Arc::default()).collect();
    let urls = cluster.urls();
    let is_over = AtomicBool::new(false);
    let store = Store::cluster(urls.clone()).expect("URLs");
    // One knows all nodes; the others know one each, the last one as a user with few permissions.
    let mut publishers = vec![Publisher::connect(store, "web").expect("it starts")];
    let of_user = urls[1].replace("//", &format!("//{USER}:secret@"));
    for url in urls.iter().chain([&of_user]) {
        publishers.push(Publisher::connect(url, "web").expect("it starts"));
    }
    for publisher in &publishers {
        publisher.publish_every(Duration::from_millis(10));
        for (key, counter) in keys.iter().zip(&counters) {
            publisher.watch(key, counter.clone());
        }
    }
    let tickets = Tickets::connect(&urls[0], "orders", 3).expect("it starts");
    let numbers = scope(|scope| {
        let over = Over(&is_over);
        scope.spawn(|| {
            while !is_over.load(Relaxed) {
                counters.iter().for_each(Counter::increment);
                sleep(Duration::from_millis(1));
            }
        });
        let numbers = scope.spawn(|| {
            let mut numbers = Vec::new();
            while !is_over.load(Relaxed) {
                numbers.extend(tickets.next());
                sleep(Duration::from_millis(1));
            }
            numbers
        });
        for key in &keys {
            let from = cluster.first_owner_of(key);
            cluster.move_slot(cluster.slot_of(key), from, (from + 1) % 3);
        }
        for victim in 0..3 {
            cluster.0[victim].kill();
            sleep(Duration::from_millis(300));
            cluster.0[victim].restart();
            cluster.wait_until_ok();
        }
        drop(over);
        numbers.join().expect("it takes numbers")
    });
    for publisher in &publishers {
        insist("the last publish", || publisher.retire());
    }
    let reader = Publisher::connect(&urls[2], "reader").expect("it starts");
    for (key, counter) in keys.iter().zip(&counters) {
        let total = reader.total_within(key, LONG).expect("the cluster is up");
        assert_eq!(total.value(), 5 * counter.get(), "{key}");
    }
    assert!(numbers.is_sorted_by(|one, other| one < other) && numbers.len() > 10, "{numbers:?}");
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn the_keys_of_other_nodes_are_published_while_the_node_of_the_url_is_down() {
    let mut cluster = Cluster::start();
    let publisher = Publisher::connect(&cluster.urls()[1], "web").expect("it starts");
    publisher.publish_every(Duration::from_millis(10));
    let hits = Arc::new(AtomicCounter::from(1));
    let keys = keys(6);
    keys.iter().for_each(|key| publisher.watch(key, hits.clone()));
    insist("a publish", || publisher.publish());
    let is_up = |key: &&String| cluster.first_owner_of(key) != 1;
    let others: Vec<&String> = keys.iter().filter(is_up).collect();
    assert!((1..6).contains(&others.len()), "{others:?}");
    cluster.0[1].kill();
    for value in 2..5 {
        hits.increment();
        for key in &others {
            until("a total of a node that works", || {
                publisher.total(key).ok().filter(|total| total.value() == value)
            });
        }
    }
    cluster.0[1].restart();
    insist("the last publish", || publisher.retire());
    for key in &keys {
        assert_eq!(publisher.total_within(key, LONG).expect("all are up").value(), 4, "{key}");
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_key_on_its_way_to_another_node_is_published_and_read() {
    let cluster = Cluster::start();
    let from = cluster.first_owner_of("hits");
    let hits = Arc::new(AtomicCounter::from(1));
    // Users with the documented permissions.
    let publishers = cluster.urls().into_iter().map(|url| {
        let url = url.replace("//", &format!("//{USER}:secret@"));
        let publisher = Publisher::connect(url, "web").expect("it starts");
        publisher.publish_every(Duration::MAX);
        publisher.watch("hits", hits.clone());
        publisher
    });
    let publishers: Vec<Publisher> = publishers.collect();
    insist("a publish", || publishers[0].publish());
    cluster.begin_to_move(cluster.slot_of("hits"), from, (from + 1) % 3);
    hits.increment();
    for publisher in &publishers {
        insist("a publish meanwhile", || publisher.publish());
    }
    for publisher in &publishers {
        let total = publisher.total_within("hits", LONG).expect("one of the nodes has it");
        assert_eq!(total.value(), 6);
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_replica_that_takes_over_gets_everything() {
    let mut cluster = Cluster::start();
    cluster.add_replica_of(0);
    let hits = Arc::new(AtomicCounter::from(1));
    let keys = keys(6);
    let publishers: Vec<Publisher> = cluster.urls()[..2]
        .iter()
        .map(|url| Publisher::connect(url, "web").expect("it starts"))
        .collect();
    for publisher in &publishers {
        publisher.publish_every(Duration::from_millis(50));
        keys.iter().for_each(|key| publisher.watch(key, hits.clone()));
        insist("a publish", || publisher.publish());
    }
    hits.increment();
    cluster.0[0].kill();
    let () = cluster.0[3].run(&["CLUSTER", "FAILOVER", "TAKEOVER"]);
    for publisher in &publishers {
        insist("a publish after the failover", || publisher.publish());
    }
    for key in &keys {
        let total = publishers[1].total_within(key, LONG).expect("all slots have a node");
        assert_eq!(total.value(), 4, "{key}");
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_node_that_hangs_holds_up_no_other_key_and_no_caller() {
    let cluster = Cluster::start();
    let publisher = Publisher::connect(&cluster.urls()[0], "web").expect("it starts");
    publisher.publish_every(Duration::from_millis(10));
    let hits = Arc::new(AtomicCounter::from(1));
    let keys = keys(6);
    keys.iter().for_each(|key| publisher.watch(key, hits.clone()));
    insist("a publish", || publisher.publish());
    let hangs = |key: &&String| cluster.first_owner_of(key) == 0;
    let (held, others): (Vec<&String>, Vec<&String>) = keys.iter().partition(hangs);
    assert!(!held.is_empty() && !others.is_empty(), "{held:?}, {others:?}");
    let tickets = Tickets::connect(&cluster.urls()[1], "orders", 2).expect("it starts");
    insist("a number", || tickets.next());
    // The node of the URL.
    cluster.0[0].hang();
    for value in 2..5 {
        hits.increment();
        for key in &others {
            until("a total of a node that works", || {
                publisher.total(key).ok().filter(|total| total.value() == value)
            });
        }
    }
    let start = Instant::now();
    for _ in 0..100 {
        assert_eq!(publisher.total(held[0]).expect("the last one is kept").value(), 1);
        let _ = tickets.next();
    }
    // A ticket may wait 20 ms for each block that comes late.
    assert!(start.elapsed() < 2 * TIMEOUT, "{:?}: no caller waits for a node", start.elapsed());
    let error = publisher.total_within(held[0], LONG).expect_err("its node hangs");
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    assert!(publisher.health().failing_since.is_some());
    cluster.0[0].wake();
    insist("the last publish", || publisher.retire());
    for key in &keys {
        assert_eq!(publisher.total_within(key, LONG).expect("all are up").value(), 4, "{key}");
    }
}

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn a_node_that_hangs_leaves_time_for_those_that_are_asked_after_it() {
    let cluster = Cluster::start();
    let publisher = Publisher::connect(Store::cluster(cluster.urls()).expect("URLs"), "web");
    let publisher = publisher.expect("it starts");
    publisher.publish_every(Duration::MAX);
    let hits = Arc::new(AtomicCounter::from(1));
    let keys = keys(6);
    keys.iter().for_each(|key| publisher.watch(key, hits.clone()));
    insist("a publish", || publisher.publish());
    let owners: Vec<usize> = keys.iter().map(|key| cluster.first_owner_of(key)).collect();
    // Its connections are too old to be used again. Nodes are asked in the order of their addresses.
    sleep(Duration::from_secs(31));
    let first = (0..3).min_by_key(|node| cluster.0[*node].port).expect("there are three");
    cluster.0[first].hang();
    hits.increment();
    publisher.publish().expect_err("one node hangs");
    for (key, owner) in keys.iter().zip(owners).filter(|(_, owner)| *owner != first) {
        until("the key of a node that works is published", || {
            let total: u64 =
                cluster.0[owner].run(&["HGET", &format!("hotcount:totals:{key}"), "total"]);
            (total == 2).then_some(())
        });
    }
    cluster.0[first].wake();
}
