//! How does an atomic counter count right without a lock?
//!
//! An atomic addition does all three steps, load, add and store, in one instruction of the
//! processor. No other thread comes between its parts. The instruction also
//! returns the value that it replaced, so each addition knows its number.
//!
//! Predict first: 50 threads take 100 numbers each. One version takes the number from the
//! addition. The other version adds first and then reads; both steps are atomic. How many different
//! numbers does each version hand out? Can the second version be right by luck?
//!
//! Run it: `cargo run --release --example 04_atomic`
//!
//! What it prints stands at the end of this file, so that you can predict it first.

use std::collections::BTreeSet;
use std::sync::{Barrier, Mutex};
use std::thread;

use hotcount::{AtomicCounter, Counter, FetchAdd};

/// Calls `pause` where any other thread may run.
fn wrong_number(counter: &AtomicCounter, pause: &dyn Fn()) -> u64 {
    counter.increment();
    pause();
    counter.get()
}

fn right_number(counter: &AtomicCounter, pause: &dyn Fn()) -> u64 {
    let number = counter.increment_and_get();
    pause();
    number
}

/// Lets 50 threads take 100 numbers each. Returns the numbers, each of them once.
fn hand_out(take: fn(&AtomicCounter, &dyn Fn()) -> u64) -> BTreeSet<u64> {
    let counter = AtomicCounter::new();
    let numbers = Mutex::new(BTreeSet::new());
    let all_have_added = Barrier::new(50);
    thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| {
                // The first pause of each thread lasts until all 50 have added.
                let first = take(&counter, &|| {
                    all_have_added.wait();
                });
                let mut taken = vec![first];
                for _ in 1..100 {
                    taken.push(take(&counter, &thread::yield_now));
                }
                numbers.lock().unwrap().extend(taken);
            });
        }
    });
    assert_eq!(counter.get(), 5_000);
    numbers.into_inner().unwrap()
}

fn main() {
    println!("50 threads take 100 numbers each:");
    let wrong = hand_out(wrong_number);
    // No thread read before all had added once, so none of them was given 1 to 49.
    assert!(wrong.iter().all(|number| *number >= 50));
    println!("  wrong, increment() and then get()   {} different numbers", wrong.len());

    let right = hand_out(right_number);
    assert!(right.iter().copied().eq(1..=5_000));
    println!("  right, increment_and_get()          {} different numbers", right.len());
}

// It prints, and the first count varies:
// ```text
// 50 threads take 100 numbers each:
//   wrong, increment() and then get()   … different numbers
//   right, increment_and_get()          5000 different numbers
// ```
