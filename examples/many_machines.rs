//! How do many machines count together, when any of them, and the store, may die at any time?
//!
//! Each machine, here a process, counts its page hits at full speed and publishes the total every
//! 200 ms. The store keeps the largest total of each, so whatever is sent twice or late counts once.
//! Kill a machine: its hits stay, but for those since it published last. Kill Redis: counting goes
//! on, and when it is back, so is the exact total.
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
//! With `--seconds` it stops the machines, which publish a last time and retire, and compares
//! (what was killed cannot tell what it has counted):
//! ```text
//! counted 21817000, published 21817000
//! ```

use std::io::{self, Read};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread::{scope, sleep, spawn};
use std::time::{Duration, Instant};

use clap::Parser;
use hotcount::redis::{Error, Publisher, TIMEOUT};
use hotcount::{AtomicCounter, Counter, Cursor, ShardedCounter};

static HITS: ShardedCounter = ShardedCounter::new();
static STOPPED: AtomicCounter = AtomicCounter::new();

/// Counts page hits on many machines, and shows the total of them all.
#[derive(Parser)]
struct Options {
    /// Where Redis is
    #[arg(long, default_value = "redis://127.0.0.1:6379/")]
    url: String,
    /// The number of machines
    #[arg(long, default_value_t = 4)]
    machines: usize,
    /// Stop after so many seconds, rather than never
    #[arg(long)]
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
    // Its counter starts at zero, so the name is a fresh one.
    let mut publisher = Publisher::connect(url, &Publisher::random_name())?;
    publisher.watch(key, &HITS);
    spawn(|| {
        let _ = io::stdin().read(&mut [0]);
        STOPPED.increment();
    });
    scope(|scope| {
        scope.spawn(serve);
        while STOPPED.get() == 0 {
            // An error loses nothing: the next one sends the whole total.
            let _ = publisher.publish();
            sleep(Duration::from_millis(200));
        }
    });
    let start = Instant::now();
    while let Err(error) = publisher.retire() {
        if start.elapsed() > 5 * TIMEOUT {
            return Err(error);
        }
        sleep(Duration::from_millis(200));
    }
    println!("{}", HITS.get());
    Ok(())
}

/// A machine's work: a million page hits a second.
fn serve() {
    while STOPPED.get() == 0 {
        (0..1_000).for_each(|_| HITS.increment());
        sleep(Duration::from_millis(1));
    }
}

fn watch_machines(options: &Options) -> Result<(), Error> {
    let mut reader = Publisher::connect(&options.url, &Publisher::random_name())?;
    // A key of this run's own, so that it starts at zero.
    let key = format!("page_hits-{}", Publisher::random_name());
    let mut machines: Vec<Child> =
        (0..options.machines).map(|_| start_machine(&options.url, &key)).collect();
    let ids: Vec<String> = machines.iter().map(|machine| machine.id().to_string()).collect();
    println!("{}, {} machines: {}", options.url, ids.len(), ids.join(" "));

    let everywhere = AtomicCounter::new();
    let mut per_second = Cursor::new(&everywhere);
    for _ in 0..options.seconds.unwrap_or(u64::MAX) {
        sleep(Duration::from_secs(1));
        match reader.total(&key) {
            Ok(total) => {
                // A store that has lost writes shows less, until its writers have published again.
                everywhere.add(total.saturating_sub(everywhere.get()));
                let rate = per_second.take();
                println!("{total:12} hits on all machines, {rate:12} per second");
            }
            Err(error) => println!("{:12} hits on all machines, {error}", everywhere.get()),
        }
    }
    machines.iter_mut().for_each(|machine| drop(machine.stdin.take()));
    let counted: u64 = machines.into_iter().map(result_of).sum();
    println!("counted {counted}, published {}", reader.total(&key)?);
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
