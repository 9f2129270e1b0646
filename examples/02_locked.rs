//! How does a lock make it right, and how can it fail to?
//!
//! A lock lets one thread in at a time. It makes several steps into one, but only those that are
//! done before it is released: a lock around the load and another around the store leave the gap
//! between them open.
//!
//! `LockedCounter` does each operation under one lock. Where an operation of your own has several
//! steps, `with` runs them as one.
//!
//! Run it: `cargo run --release --example 02_locked`
//!
//! It prints (what the wrong one counts varies):
//! ```text
//! 4 threads add 1, 100000 times each:
//!   wrong, a lock around each step      … of 400000
//!   right, one lock around all steps    400000 of 400000
//!   right, LockedCounter                400000 of 400000
//! 4 threads ask for 50 seats each, 120 are free: 120 taken
//! ```

use std::sync::Mutex;
use std::thread;

use hotcount::{Counter, LockedCounter};

fn wrong_add_one(count: &Mutex<u64>) {
    // The guard lives to the end of the statement, so each line locks and unlocks.
    let loaded = *count.lock().unwrap();
    *count.lock().unwrap() = loaded + 1;
}

fn right_add_one(count: &Mutex<u64>) {
    let mut held = count.lock().unwrap();
    let loaded = *held;
    *held = loaded + 1;
}

/// Looks whether a seat is free and takes it: two steps that nobody comes between.
fn take_a_seat(taken: &LockedCounter) -> bool {
    taken.with(|held| {
        let free = held.get() < 120;
        if free {
            held.add(1);
        }
        free
    })
}

fn on_4_threads(times: usize, act: impl Fn() + Sync) {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..times).for_each(|_| act()));
        }
    });
}

fn main() {
    println!("4 threads add 1, 100000 times each:");
    let count = Mutex::new(0);
    on_4_threads(100_000, || wrong_add_one(&count));
    let counted = count.into_inner().unwrap();
    assert!(counted <= 400_000, "additions are lost, never made up");
    println!("  wrong, a lock around each step      {counted} of 400000");

    let count = Mutex::new(0);
    on_4_threads(100_000, || right_add_one(&count));
    let counted = count.into_inner().unwrap();
    assert_eq!(counted, 400_000);
    println!("  right, one lock around all steps    {counted} of 400000");

    let count = LockedCounter::new();
    on_4_threads(100_000, || count.increment());
    assert_eq!(count.get(), 400_000);
    println!("  right, LockedCounter                {} of 400000", count.get());

    let (taken, told_yes) = (LockedCounter::new(), LockedCounter::new());
    on_4_threads(50, || {
        if take_a_seat(&taken) {
            told_yes.increment();
        }
    });
    assert_eq!((taken.get(), told_yes.get()), (120, 120));
    println!("4 threads ask for 50 seats each, 120 are free: {} taken", taken.get());
}
