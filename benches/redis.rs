//! What a hit and a number cost on many machines: asking Redis for each, and counting here.
//!
//! `cargo bench --features redis --bench redis`, with `redis-server` in the path; it starts its own.
#![allow(missing_docs)]

use std::process::Command;
use std::time::Duration;

use criterion::{Criterion, Throughput};
use hotcount::redis::{Publisher, TIMEOUT, Tickets};
use hotcount::{AtomicCounter, Counter, ShardedCounter};

mod common;
#[path = "../tests/store/server.rs"]
#[allow(dead_code)]
mod server;

use server::Server;

fn main() {
    if Command::new("redis-server").arg("--version").output().is_err() {
        println!("left out, no redis-server in the path: `apt-get install redis-server`");
        return;
    }
    let mut criterion = common::criterion();
    let store = Server::with(&["--appendonly", "yes"]);
    hits(&mut criterion, &store);
    numbers(&mut criterion, &store);
    publishes(&mut criterion, &store);
    criterion.final_summary();
}

fn hits(criterion: &mut Criterion, store: &Server) {
    static HITS: ShardedCounter = ShardedCounter::new();
    let mut group = criterion.benchmark_group("redis/hit");
    group.throughput(Throughput::Elements(1));
    let mut connection = store.connection();
    group.bench_function("INCR for each", |bencher| {
        bencher.iter(|| redis::cmd("INCR").arg("hits").exec(&mut connection).expect("it counts"));
    });

    let publisher = Publisher::connect(store.url(), "bench").expect("it parses");
    publisher.publish_every(Duration::from_millis(10));
    publisher.watch("hits", &HITS);
    group.bench_function("counted here, published every 10 ms", |bencher| {
        bencher.iter(|| HITS.increment());
    });
    publisher.publish().expect("the store is up");
    assert_eq!(publisher.total("hits").expect("the store is up").value(), HITS.get());
}

fn numbers(criterion: &mut Criterion, store: &Server) {
    let mut group = criterion.benchmark_group("redis/number");
    group.throughput(Throughput::Elements(1));
    let mut connection = store.connection();
    let mut last = 0;
    group.bench_function("INCR for each", |bencher| {
        bencher.iter(|| {
            let number: u64 =
                redis::cmd("INCR").arg("orders").query(&mut connection).expect("a number");
            assert!(number > last);
            last = number;
        });
    });
    for block in [100, 1_000, 10_000] {
        let key = format!("orders-{block}");
        let tickets = Tickets::connect(store.url(), &key, block).expect("it parses");
        let mut last = 0;
        group.bench_function(format!("tickets, blocks of {block}"), |bencher| {
            bencher.iter(|| {
                let number = tickets.next_within(TIMEOUT).expect("the store is up");
                assert!(number > last);
                last = number;
            });
        });
    }
}

fn publishes(criterion: &mut Criterion, store: &Server) {
    let mut group = criterion.benchmark_group("redis/publish");
    for counters in [1, 10, 100] {
        let publisher = Publisher::connect(store.url(), "bench").expect("it parses");
        publisher.publish_every(Duration::MAX);
        for n in 0..counters {
            publisher.watch(&format!("count-{n}"), AtomicCounter::from(n));
        }
        group.throughput(Throughput::Elements(counters));
        group.bench_function(format!("{counters} counters"), |bencher| {
            bencher.iter(|| publisher.publish().expect("the store is up"));
        });
        assert_eq!(publisher.total("count-0").expect("the store is up").value(), 0);
    }
}
