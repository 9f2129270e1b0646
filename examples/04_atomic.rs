//! What does an atomic counter do that a lock is not needed for?
//!
//! All three steps, load, add and store, in one instruction of the processor. Nothing comes between
//! the parts of one instruction, so no addition is lost and nobody waits for a lock. It also hands
//! out the value that it replaced, so each addition knows its number.
//!
//! One instruction, not two: `increment()` and then `get()` are both atomic, and another thread
//! acts between them.
//!
//! Run it: `cargo run --release --example 04_atomic`
//!
//! It prints (how many different numbers the wrong one hands out varies):
//! ```text
//! 50 threads x 1000 additions, the count is 50000
//!   wrong, increment() and then get()   … different numbers
//!   right, increment_and_get()          50000 different numbers, from 1 to 50000
//! ```

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;

use hotcount::{AtomicCounter, Counter, FetchAdd};

fn wrong_number(counter: &AtomicCounter) -> u64 {
    counter.increment();
    thread::yield_now(); // lets another thread run, as it may at any time
    counter.get()
}

fn right_number(counter: &AtomicCounter) -> u64 {
    let number = counter.increment_and_get();
    thread::yield_now();
    number
}

/// Returns the count, and the different numbers that 50,000 additions were given.
fn hand_out(number: fn(&AtomicCounter) -> u64) -> (u64, BTreeSet<u64>) {
    let counter = AtomicCounter::new();
    let start = Barrier::new(50);
    let numbers = thread::scope(|scope| {
        let take_1000 = || {
            start.wait();
            (0..1000).map(|_| number(&counter)).collect::<Vec<_>>()
        };
        let threads: Vec<_> = (0..50).map(|_| scope.spawn(take_1000)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    (counter.get(), numbers)
}

fn main() {
    let (wrong_count, wrong) = hand_out(wrong_number);
    let (right_count, right) = hand_out(right_number);
    assert_eq!((wrong_count, right_count), (50_000, 50_000));
    println!("50 threads x 1000 additions, the count is {right_count}");

    assert!(wrong.len() <= 50_000);
    println!("  wrong, increment() and then get()   {} different numbers", wrong.len());

    assert!(right.iter().copied().eq(1..=50_000));
    println!(
        "  right, increment_and_get()          {} different numbers, from 1 to 50000",
        right.len()
    );
}
