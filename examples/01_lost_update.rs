//! Why do several threads that each do `count += 1` lose some of the additions?
//!
//! Rust does not compile `count += 1` on a variable that threads share. So this program writes out
//! the three steps of it: load the value, add 1, store the sum. The load and the store are atomic,
//! with `SeqCst`, the strictest order that there is.
//!
//! Predict first: 4 threads add 1, 250000 times each. How many additions can be lost, at least and
//! at most? Why does it not help that each step is atomic?
//!
//! Run it: `cargo run --release --example 01_lost_update`
//!
//! What it prints stands at the end of this file, so that you can predict it first.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread;

use hotcount::{AtomicCounter, Counter};

/// Calls `pause` where any other thread may run.
fn wrong_add_one(count: &AtomicU64, pause: impl Fn()) {
    let loaded = count.load(SeqCst);
    pause();
    count.store(loaded + 1, SeqCst);
}

/// Returns what 4 threads have counted.
fn count_wrong() -> u64 {
    let count = AtomicU64::new(0);
    let all_have_loaded = Barrier::new(4);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                // All threads load 0 before one of them stores. This happens by itself now and
                // then; the barrier makes it happen once in each run.
                wrong_add_one(&count, || {
                    all_have_loaded.wait();
                });
                for _ in 1..250_000 {
                    wrong_add_one(&count, || ());
                }
            });
        }
    });
    count.into_inner()
}

fn count_right() -> u64 {
    let count = AtomicCounter::new();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..250_000 {
                    count.increment();
                }
            });
        }
    });
    count.get()
}

/// A schedule is an order of steps, so one thread can take the steps of two.
fn step_by_hand() {
    let count = AtomicU64::new(0);
    let a = count.load(SeqCst);
    println!("  thread A loads {a}");
    let b = count.load(SeqCst);
    println!("  thread B loads {b}");
    count.store(a + 1, SeqCst);
    println!("  thread A stores {a} + 1        count is {}", count.load(SeqCst));
    count.store(b + 1, SeqCst);
    println!("  thread B stores {b} + 1        count is {}", count.load(SeqCst));
    assert_eq!(count.into_inner(), 1, "two additions count as one");
}

fn main() {
    println!("4 threads add 1, 250000 times each:");
    let counted = count_wrong();
    assert!((2..=999_997).contains(&counted));
    println!("  wrong, load, add, store   {} lost of 1000000", 1_000_000 - counted);
    let counted = count_right();
    assert_eq!(counted, 1_000_000);
    println!("  right, AtomicCounter      {} lost of 1000000", 1_000_000 - counted);

    println!("\nOne schedule that loses an addition, step by step:");
    step_by_hand();
}

// It prints, and the number of lost additions varies:
// ```text
// 4 threads add 1, 250000 times each:
//   wrong, load, add, store   … lost of 1000000
//   right, AtomicCounter      0 lost of 1000000
//
// One schedule that loses an addition, step by step:
//   thread A loads 0
//   thread B loads 0
//   thread A stores 0 + 1        count is 1
//   thread B stores 0 + 1        count is 1
// ```
