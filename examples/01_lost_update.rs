//! Why do several threads that each do `count += 1` lose some of the additions?
//!
//! Because it is three steps: load the value, add to it, store the sum. Another thread may act
//! between any two of them. When two threads load the same value, both store the same sum, and one
//! of the two additions is gone.
//!
//! Rust does not compile `count += 1` on a variable that threads share. The mistake comes back as
//! soon as the load and the store are written out, so here they are.
//!
//! Run it: `cargo run --release --example 01_lost_update`
//!
//! It prints (how many are lost varies; a machine with one core may lose none):
//! ```text
//! 4 threads add 1, 250000 times each:
//!   wrong, load, add, store   … lost of 1000000
//!   right, AtomicCounter      0 lost of 1000000
//!
//! One schedule that loses an addition, stepped by hand:
//!   thread A loads 0
//!   thread B loads 0             count is 0
//!   thread A stores 0 + 1        count is 1
//!   thread B stores 0 + 1        count is 1, after two additions
//! ```

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread;

use hotcount::{AtomicCounter, Counter};

/// `SeqCst` is the strictest order there is. It does not help: the three steps stay three.
fn wrong_add_one(count: &AtomicU64) {
    let loaded = count.load(SeqCst);
    let sum = loaded + 1;
    count.store(sum, SeqCst);
}

fn add_a_million_times(add_one: impl Fn() + Sync) {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..250_000).for_each(|_| add_one()));
        }
    });
}

/// A schedule is an order of steps, so one thread can walk it for two.
fn step_by_hand() {
    let count = AtomicU64::new(0);
    let a = count.load(SeqCst);
    println!("  thread A loads {a}");
    let b = count.load(SeqCst);
    println!("  thread B loads {b}             count is {}", count.load(SeqCst));
    count.store(a + 1, SeqCst);
    println!("  thread A stores {a} + 1        count is {}", count.load(SeqCst));
    count.store(b + 1, SeqCst);
    println!(
        "  thread B stores {b} + 1        count is {}, after two additions",
        count.load(SeqCst)
    );
    assert_eq!((a, b, count.into_inner()), (0, 0, 1));
}

fn main() {
    let (wrong, right) = (AtomicU64::new(0), AtomicCounter::new());
    println!("4 threads add 1, 250000 times each:");
    add_a_million_times(|| wrong_add_one(&wrong));
    let counted = wrong.into_inner();
    assert!(counted <= 1_000_000, "additions are lost, never made up");
    println!("  wrong, load, add, store   {} lost of 1000000", 1_000_000 - counted);
    add_a_million_times(|| right.increment());
    assert_eq!(right.get(), 1_000_000);
    println!("  right, AtomicCounter      {} lost of 1000000", 1_000_000 - right.get());

    println!("\nOne schedule that loses an addition, stepped by hand:");
    step_by_hand();
}
