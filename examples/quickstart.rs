//! Which counters are there, and what does each one give?
//!
//! 50 threads add 1 to each counter, 1000 times each. No addition is lost.
//!
//! Run it: `cargo run --example quickstart`
//!
//! It prints:
//! ```text
//! AtomicCounter   counted 50000, and the next number is 50001
//! LockedCounter   counted 50000, and went on to 50176, the next multiple of 1024
//! ShardedCounter  counted 50000, exactly
//! ```

use std::thread;

use hotcount::{AtomicCounter, Counter, FetchAdd, LockedCounter, ShardedCounter};

static ATOMIC: AtomicCounter = AtomicCounter::new();
static LOCKED: LockedCounter = LockedCounter::new();
static SHARDED: ShardedCounter = ShardedCounter::new();

fn add_50_000(counter: &impl Counter) {
    thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| {
                for _ in 0..1000 {
                    counter.increment();
                }
            });
        }
    });
    assert_eq!(counter.get(), 50_000);
}

fn main() {
    // One atomic word: each addition can return its number, and no number is given twice.
    add_50_000(&ATOMIC);
    let counted = ATOMIC.get();
    let next = ATOMIC.increment_and_get();
    assert_eq!(next, 50_001);
    println!("AtomicCounter   counted {counted}, and the next number is {next}");

    // A number behind a lock: no other thread comes between the steps of `with`.
    add_50_000(&LOCKED);
    let counted = LOCKED.get();
    let rounded = LOCKED.with(|held| {
        while held.get() % 1024 != 0 {
            held.add(1);
        }
        held.get()
    });
    assert_eq!(rounded, 50_176);
    println!(
        "LockedCounter   counted {counted}, and went on to {rounded}, the next multiple of 1024"
    );

    // A cell for each thread: the cheapest addition. A read sums the cells.
    add_50_000(&SHARDED);
    println!("ShardedCounter  counted {}, exactly", SHARDED.get());
}
