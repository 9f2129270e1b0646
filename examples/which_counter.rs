//! Which counter do I take?
//!
//! Say what you need. The program answers with the type, the reason, and the cost on this machine.
//!
//! Run it: `cargo run --release --example which_counter -- --many-writers` (`--help` tells more)
//!
//! It prints (the figures vary, and include the time that a thread waits):
//! ```text
//! take     hotcount::ShardedCounter
//! because  many threads add, and no addition needs its number: each thread has a cell of its own
//! cost     ShardedCounter: … ns per addition on 1 thread, … ns on each of … at once; … ns per get
//! write    static HITS: ShardedCounter = ShardedCounter::new();
//! ```

use std::hint::black_box;
use std::num::NonZero;
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use hotcount::{
    AtomicCounter, Counter, LimitedCounter, LockedCounter, ShardedCounter, UpDownCounter,
};

/// Tells which counter to take, why, and what it costs on this machine.
///
/// Without a flag: one process, a few threads, and no addition needs its number.
#[derive(Parser)]
#[allow(clippy::struct_excessive_bools)] // the flags are independent of each other
struct Needs {
    /// Each addition needs its number: visitor numbers, order ids, which one is the last out
    #[arg(long)]
    unique_numbers: bool,
    /// Many threads add often, as in the statistics of a busy server
    #[arg(long)]
    many_writers: bool,
    /// Several processes on one machine count together, or the count outlives the process
    #[arg(long)]
    many_processes: bool,
    /// Several machines count together
    #[arg(long)]
    many_machines: bool,
    /// The count goes down as well: requests in flight, open connections
    #[arg(long, conflicts_with_all = ["unique_numbers", "many_processes", "many_machines"])]
    goes_down: bool,
    /// The count must not exceed a limit: seats, quotas, bytes in use; it may go down
    #[arg(long, conflicts_with_all = ["unique_numbers", "many_processes", "many_machines"])]
    limit: bool,
    /// A count for each key, and keys come and go: users, sessions, paths
    #[arg(long, conflicts_with_all = ["unique_numbers", "goes_down", "limit", "many_processes", "many_machines"])]
    keys: bool,
    /// More than an addition at once, such as "round up, and then add"
    #[arg(long, conflicts_with_all = ["goes_down", "limit", "keys", "many_processes", "many_machines"])]
    several_steps: bool,
}

/// What to take, why, what is measured for it, what to write.
type Answer = (&'static str, &'static str, fn() -> String, &'static str);

fn answer(needs: &Needs) -> Answer {
    match needs {
        Needs { many_machines: true, unique_numbers: true, .. } => (
            "hotcount::redis (feature `redis`)",
            "a server hands out the numbers that are unique over machines",
            cost::<AtomicCounter>,
            "cargo add hotcount --features redis",
        ),
        Needs { many_machines: true, .. } => (
            "hotcount::redis (feature `redis`)",
            "each machine counts for itself, and a server sums up what they publish",
            cost::<ShardedCounter>,
            "cargo add hotcount --features redis",
        ),
        Needs { many_processes: true, .. } => (
            "hotcount::mapped::MappedCounter (feature `mapped`)",
            "processes share a count in a file that each maps into its memory; numbers are unique",
            cost::<AtomicCounter>,
            "cargo add hotcount --features mapped",
        ),
        Needs { limit: true, .. } => (
            "hotcount::LimitedCounter",
            "`try_add` checks and adds in one step; it refuses only if there is no room",
            cost_of_a_limit,
            "static SEATS: LimitedCounter = LimitedCounter::new(100);",
        ),
        Needs { goes_down: true, .. } => (
            "hotcount::UpDownCounter",
            "additions and subtractions go to a cell of each thread; a get is never below zero",
            cost_of_up_and_down,
            "static IN_FLIGHT: UpDownCounter = UpDownCounter::new();",
        ),
        Needs { keys: true, .. } => (
            "hotcount::keyed::CounterFamily (feature `keyed`)",
            "a key gets its counter with its first addition, and removing a key loses nothing",
            cost::<ShardedCounter>,
            "cargo add hotcount --features keyed",
        ),
        Needs { several_steps: true, .. } => (
            "hotcount::LockedCounter",
            "`with` runs several steps under one lock; an addition can return its number as well",
            cost::<LockedCounter>,
            "static BYTES: LockedCounter = LockedCounter::new();",
        ),
        Needs { unique_numbers: true, .. } => (
            "hotcount::AtomicCounter",
            "`increment_and_get` adds and returns the number in one step, with many threads as well",
            cost::<AtomicCounter>,
            "static VISITORS: AtomicCounter = AtomicCounter::new();",
        ),
        Needs { many_writers: true, .. } => (
            "hotcount::ShardedCounter",
            "many threads add, and no addition needs its number: each thread has a cell of its own",
            cost::<ShardedCounter>,
            "static HITS: ShardedCounter = ShardedCounter::new();",
        ),
        _ => (
            "hotcount::AtomicCounter",
            "it is the smallest, and few threads seldom wait for each other",
            cost::<AtomicCounter>,
            "static HITS: AtomicCounter = AtomicCounter::new();",
        ),
    }
}

/// Returns the nanoseconds that a call took each of the threads.
fn measure(threads: u32, call: impl Fn() + Sync) -> f64 {
    let run = || {
        let (began, mut calls) = (Instant::now(), 0);
        while began.elapsed() < Duration::from_millis(20) {
            (0..1000).for_each(|_| call());
            calls += 1000;
        }
        began.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
    };
    let sum: f64 = thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        all.into_iter().map(|thread| thread.join().expect("it measures")).sum()
    });
    sum / f64::from(threads)
}

fn cost<C: Counter + Default>() -> String {
    let counter = C::default();
    let name = std::any::type_name::<C>().rsplit("::").next().expect("it has a name");
    costs(name, "addition", || counter.increment(), || _ = black_box(counter.get()))
}

fn cost_of_a_limit() -> String {
    let counter = LimitedCounter::new(1_000_000);
    let add_and_subtract = || {
        assert!(counter.try_add(1), "the limit is far");
        counter.sub(1);
    };
    costs("LimitedCounter", "try_add and sub", add_and_subtract, || _ = black_box(counter.get()))
}

fn cost_of_up_and_down() -> String {
    let counter = UpDownCounter::new();
    let add_and_subtract = || {
        counter.increment();
        counter.decrement();
    };
    let get = || _ = black_box(counter.get());
    costs("UpDownCounter", "addition and subtraction", add_and_subtract, get)
}

/// Measures a change, on one thread and on many at once, and a read.
fn costs(name: &str, change: &str, work: impl Fn() + Sync, get: impl Fn() + Sync) -> String {
    let cores = thread::available_parallelism().map_or(2, NonZero::get);
    let threads = u32::try_from(cores.clamp(2, 32)).expect("it is small");
    let [one, each] = [1, threads].map(|threads| measure(threads, &work));
    let get = measure(1, get);
    format!(
        "{name}: {one:.1} ns per {change} on 1 thread, {each:.1} ns on each of {threads} at once; \
         {get:.1} ns per get"
    )
}

fn main() {
    let (take, because, cost, write) = answer(&Needs::parse());
    println!("take     {take}");
    println!("because  {because}");
    let compare = if take.contains("feature") { "not measured here; to compare, " } else { "" };
    println!("cost     {compare}{}", cost());
    println!("write    {write}");
}
