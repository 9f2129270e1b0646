//! How do many machines count together, when any of them, and the store, may die at any time?
//!
//! Each machine, here a process, counts its page hits at full speed. A background thread publishes
//! the count every 200 ms. The store keeps the largest count of each machine, so a count that is sent
//! twice or late counts once. Kill a machine: the total keeps its hits, except those since its last
//! publish. Kill Redis: counting goes on, and when Redis is back, the exact total is back as well.
//!
//! Start Redis: `redis-server --port 6379 --appendonly yes` (Debian: `apt-get install redis-server`;
//! or `docker run -p 6379:6379 redis redis-server --appendonly yes`).
//!
//! Run it: `cargo run --release --features redis --example many_machines`, then `kill -9` what you
//! like. It prints the total of all machines and its rate, once a second:
//! ```text
//! redis://127.0.0.1:6379/, 4 machines: 4711 4712 4713 4714
//!      2907000 hits on all machines,      2907000 per second
//!      6487000 hits on all machines,      3580000 per second
//!      6487000 hits on all machines, the store is not available: Connection refused (os error 111); the next call tries again
//! ```
//! With `--seconds` it stops the machines, which publish a last time, and compares. A machine that
//! was killed cannot say what it has counted:
//! ```text
//! counted 21817000, published 21817000
//! ```

use std::io::{self, Read};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{sleep, spawn};
use std::time::Duration;

use clap::{Parser, value_parser};
use hotcount::redis::{Error, Publisher, TIMEOUT, Total};
use hotcount::{Counter, ShardedCounter};

static HITS: ShardedCounter = ShardedCounter::new();
static STOPPED: AtomicBool = AtomicBool::new(false);

/// Counts page hits on many machines, and shows the total of them all.
#[derive(Parser)]
struct Options {
    /// Where Redis is
    #[arg(long, default_value = "redis://127.0.0.1:6379/")]
    url: String,
    /// The number of machines
    #[arg(long, default_value_t = 4, value_parser = value_parser!(u64).range(1..))]
    machines: u64,
    /// Stop after so many seconds, rather than never
    #[arg(long, value_parser = value_parser!(u64).range(1..))]
    seconds: Option<u64>,
    /// Be one of the machines, counting under this key until the input ends
    #[arg(long, hide = true)]
    machine: Option<String>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let done = match &options.machine {
        Some(key) => be_a_machine(&options.url, key),
        None => watch_machines(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("many_machines: {error}");
            ExitCode::from(2)
        }
    }
}

fn be_a_machine(url: &str, key: &str) -> Result<(), Error> {
    let publisher = Publisher::connect(url, "machine")?;
    publisher.publish_every(Duration::from_millis(200));
    publisher.watch(key, &HITS);
    spawn(|| {
        let _ = io::stdin().read(&mut [0]);
        STOPPED.store(true, Relaxed);
    });
    // About a million page hits a second.
    while !STOPPED.load(Relaxed) {
        for _ in 0..1_000 {
            HITS.increment();
        }
        sleep(Duration::from_millis(1));
    }
    publisher.retire()?; // a last publish
    println!("{}", HITS.get());
    Ok(())
}

fn watch_machines(options: &Options) -> Result<(), Error> {
    let reader = Publisher::connect(&options.url, "reader")?;
    reader.publish_every(Duration::from_millis(200));
    // A key of this run's own, so that it starts at zero.
    let key = format!("page_hits-{}", uuid::Uuid::new_v4());
    let mut machines: Vec<Child> =
        (0..options.machines).map(|_| start_machine(&options.url, &key)).collect();
    let ids: Vec<String> = machines.iter().map(|machine| machine.id().to_string()).collect();
    println!("{}, {} machines: {}", options.url, ids.len(), ids.join(" "));

    let mut before = 0;
    for _ in 0..options.seconds.unwrap_or(u64::MAX) {
        sleep(Duration::from_secs(1));
        let total = reader.total(&key).map_or(0, Total::value);
        let health = reader.health();
        print!("{total:12} hits on all machines, ");
        match health.failing_since.and(health.last_error) {
            // A store that has lost writes shows less, until its machines have published again.
            None => println!("{:12} per second", total.saturating_sub(before)),
            Some(error) => println!("{error}"),
        }
        before = total;
    }
    for machine in &mut machines {
        drop(machine.stdin.take()); // the sign to stop
    }
    let counted: u64 = machines.into_iter().map(result_of).sum();
    let published = reader.total_within(&key, TIMEOUT)?;
    println!("counted {counted}, published {}", published.value());
    Ok(())
}

fn start_machine(url: &str, key: &str) -> Child {
    Command::new(std::env::current_exe().expect("the program has a path"))
        .args(["--url", url, "--machine", key])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts once more")
}

/// Waits for a machine, and returns what it has counted: nothing when it was killed.
fn result_of(machine: Child) -> u64 {
    let output = machine.wait_with_output().expect("it ends");
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or(0)
}
