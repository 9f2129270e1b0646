//! Machines that count together while everything between them fails.

use std::collections::BTreeSet;
use std::env::{current_exe, var};
use std::io::{Read, stdin};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{self, sleep};
use std::time::Duration;

use hotcount::redis::{Publisher, Tickets};
use hotcount::{AtomicCounter, Counter, ShardedCounter};
use redis::{Client, Connection};

use crate::proxy::{Fault, Proxy};
use crate::server::Server;
use crate::totals::{lives, publisher, total};

const MACHINES: usize = 8;
const THREADS: usize = 4;
const URL: &str = "HOTCOUNT_TEST_URL";

#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn eight_machines_count_exactly_while_the_store_dies_and_answers_get_lost() {
    if let Ok(url) = var(URL) {
        return be_a_machine(&url);
    }
    let mut store = Server::start();
    let proxy = Proxy::start(store.port, Fault::DropEvery(7));
    let mut victim = start_a_machine(&proxy.url());
    let machines: Vec<Child> = (0..MACHINES).map(|_| start_a_machine(&proxy.url())).collect();
    let cleaner = publisher(&store.url());
    for _ in 0..3 {
        sleep(Duration::from_millis(500));
        store.kill();
        sleep(Duration::from_millis(200));
        store.restart();
        // All machines are alive, and taken for dead.
        cleaner.sweep("hits", Duration::ZERO).expect("the store is up");
        proxy.forget();
    }
    sleep(Duration::from_millis(300));
    victim.kill().expect("it can be killed");
    victim.wait().expect("it ends");
    let printed: Vec<String> = machines.into_iter().map(stop).collect();

    // The victim left what it had published; the others retired.
    let hits: u64 = printed.iter().map(|printed| numbers(printed, "hits ")[0]).sum();
    cleaner.sweep("hits", Duration::ZERO).expect("the store is up");
    let records = lives(&store, "hits");
    let records: Vec<_> = records.iter().filter(|(field, _)| field.starts_with("life:")).collect();
    assert_eq!(records.len(), MACHINES + 1, "{records:?}");
    let stored = records.iter().map(|(_, record)| {
        let amount = record.split(' ').next().expect("an amount");
        amount.parse::<u64>().expect("a number")
    });
    let stored: u64 = stored.sum();
    assert_eq!(total(&store, "hits"), stored);
    assert!((hits..hits + 100_000).contains(&stored), "{hits} and those of the victim: {stored}");
    let of_machines: Vec<u64> =
        printed.iter().map(|printed| numbers(printed, "hits ")[0]).collect();
    for of_machine in of_machines {
        let amount = format!("{of_machine} ");
        assert!(records.iter().any(|(_, record)| record.starts_with(&amount)), "{amount}");
    }

    // A ticket for each hit, and none of them twice.
    let tickets: Vec<u64> =
        printed.iter().flat_map(|printed| numbers(printed, "tickets ")).collect();
    assert_eq!(tickets.len() as u64, hits);
    assert_eq!(BTreeSet::from_iter(&tickets).len() as u64, hits);

    // The store was away and answers were lost: without, there is no error.
    let errors: Vec<u64> = printed.iter().map(|printed| numbers(printed, "errors ")[0]).collect();
    assert!(errors.iter().all(|errors| *errors > 0), "{errors:?}");
}

fn start_a_machine(url: &str) -> Child {
    let name = "machines::eight_machines_count_exactly_while_the_store_dies_and_answers_get_lost";
    Command::new(current_exe().expect("the test has a path"))
        .args(["--exact", name, "--ignored", "--nocapture"])
        .env(URL, url)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts")
}

fn stop(mut machine: Child) -> String {
    drop(machine.stdin.take());
    let mut printed = String::new();
    let mut stdout = machine.stdout.take().expect("it was piped");
    stdout.read_to_string(&mut printed).expect("it is text");
    assert!(machine.wait().expect("it ends").success(), "{printed}");
    printed
}

fn numbers(printed: &str, start: &str) -> Vec<u64> {
    let line = printed.lines().find_map(|line| line.strip_prefix(start)).expect("the line");
    line.split(' ').map(|number| number.parse().expect("a number")).collect()
}

/// Counts hits and takes a ticket for each, in its threads, publishes all the while, and retires
/// when its input ends: at the latest with the test that started it.
fn be_a_machine(url: &str) {
    static HITS: ShardedCounter = ShardedCounter::new();
    static ERRORS: AtomicCounter = AtomicCounter::new();
    static RUNS: AtomicBool = AtomicBool::new(true);
    fn insist<T, E>(mut call: impl FnMut() -> Result<T, E>) -> T {
        loop {
            match call() {
                Ok(done) => return done,
                Err(_) => ERRORS.increment(),
            }
            sleep(Duration::from_millis(10));
        }
    }
    let tickets = Tickets::connect(url, "orders", 10).expect("it parses");
    let publisher = Publisher::connect(url, "machine").expect("it parses");
    publisher.publish_every(Duration::from_millis(10));
    publisher.watch("hits", &HITS);
    let numbers: Vec<u64> = thread::scope(|scope| {
        let count = || {
            let mut numbers = Vec::new();
            while RUNS.load(Relaxed) {
                numbers.push(insist(|| tickets.next()));
                HITS.increment();
                sleep(Duration::from_millis(1));
            }
            numbers
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(count)).collect();
        scope.spawn(|| {
            let _ = stdin().read(&mut [0]);
            RUNS.store(false, Relaxed);
        });
        while RUNS.load(Relaxed) {
            sleep(Duration::from_millis(10));
        }
        threads.into_iter().flat_map(|thread| thread.join().expect("it counts")).collect()
    });
    insist(|| publisher.retire());
    ERRORS.add(publisher.health().failures);
    let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
    // After the text that the harness has begun to print.
    println!("\nerrors {}\nhits {}\ntickets {}", ERRORS.get(), HITS.get(), numbers.join(" "));
}

/// The twin: what is new is added with `INCRBY`, and put back when there is no answer.
#[test]
#[ignore = "needs redis-server: cargo test --all-features -- --ignored"]
fn adding_and_putting_back_counts_lost_answers_twice() {
    let store = Server::start();
    let proxy = Proxy::start(store.port, Fault::DropEvery(7));
    let client = Client::open(proxy.url()).expect("a URL");
    let mut connection: Option<Connection> = None;
    let mut add = |n: u64| -> redis::RedisResult<()> {
        let mut open = match connection.take() {
            Some(open) => open,
            None => client.get_connection()?,
        };
        redis::cmd("INCRBY").arg("naive").arg(n).exec(&mut open)?;
        connection = Some(open);
        Ok(())
    };
    let (mut counted, mut pending) = (0, 0);
    while counted < 3_000 || pending > 0 {
        let new = u64::from(counted < 3_000) * 100;
        counted += new;
        pending += new;
        if add(pending).is_ok() {
            pending = 0;
        }
    }
    let stored: u64 = store.run(&["GET", "naive"]);
    assert!(stored > 3_000, "{stored}");
}
