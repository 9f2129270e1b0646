//! Which counters are there, and what does each give? Each counts 50 threads × 1000 exactly.
//!
//! Run it: `cargo run --example quickstart`
//!
//! It prints:
//! ```text
//! AtomicCounter   50000, the next number is 50001
//! LockedCounter   50000, 3 of 5 asked got a seat under a limit of 50003
//! ShardedCounter  50000, between 50000 and 50000
//! ```

use std::thread;

use hotcount::{AtomicCounter, Counter, FetchAdd, LockedCounter, ShardedCounter};

static ATOMIC: AtomicCounter = AtomicCounter::new();
static LOCKED: LockedCounter = LockedCounter::new();
static SHARDED: ShardedCounter = ShardedCounter::new();

fn count_to_50_000(counter: &impl Counter) -> u64 {
    thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| (0..1000).for_each(|_| counter.increment()));
        }
    });
    assert_eq!(counter.get(), 50_000);
    counter.get()
}

fn main() {
    // One word: an addition can tell its number.
    print!("AtomicCounter   {}", count_to_50_000(&ATOMIC));
    println!(", the next number is {}", ATOMIC.increment_and_get());

    // A lock: several steps at once.
    print!("LockedCounter   {}", count_to_50_000(&LOCKED));
    let seat = || {
        LOCKED.with(|held| {
            held.get() < 50_003 && {
                held.add(1);
                true
            }
        })
    };
    let seats = (0..5).filter(|_| seat()).count();
    assert_eq!(seats, 3);
    println!(", {seats} of 5 asked got a seat under a limit of 50003");

    // A cell per thread: the cheapest addition there is.
    print!("ShardedCounter  {}", count_to_50_000(&SHARDED));
    let (low, high) = SHARDED.bounds().into_inner();
    println!(", between {low} and {high}");
}
