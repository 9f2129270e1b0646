//! How does a lock make counting right, and when does it fail to?
//!
//! A lock lets in one thread at a time. The first version here locks each step. The second keeps
//! the lock over all steps.
//!
//! Predict first: 4 threads add 1, 100000 times each. Every access of both versions is locked.
//! Which totals can the first version print? Why is one lock better than two?
//!
//! Run it: `cargo run --release --example 02_locked`
//!
//! What it prints stands at the end of this file, so that you can predict it first.

use std::sync::{Barrier, Mutex};
use std::thread;

use hotcount::{Counter, LockedCounter};

/// Calls `pause` where any other thread may run.
fn wrong_add_one(count: &Mutex<u64>, pause: impl Fn()) {
    let loaded = *count.lock().unwrap(); // unlocked again at the end of the line
    pause();
    *count.lock().unwrap() = loaded + 1;
}

fn right_add_one(count: &Mutex<u64>) {
    let mut guard = count.lock().unwrap();
    let loaded = *guard;
    *guard = loaded + 1;
} // the guard is dropped here, and unlocks

fn count_wrong() -> u64 {
    let count = Mutex::new(0);
    let all_have_loaded = Barrier::new(4);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                // As in `01_lost_update`: all threads load 0 before one of them stores.
                wrong_add_one(&count, || {
                    all_have_loaded.wait();
                });
                for _ in 1..100_000 {
                    wrong_add_one(&count, || ());
                }
            });
        }
    });
    count.into_inner().unwrap()
}

/// Lets 4 threads call `act`.
fn on_4_threads(times: u32, act: impl Fn() + Sync) {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..times {
                    act();
                }
            });
        }
    });
}

/// A guest book has 10 lines on a page, and no entry runs over to the next page. Returns the line
/// on which an entry of `lines` lines begins.
fn reserve(book: &LockedCounter, lines: u64) -> u64 {
    // Three steps, and no other thread comes between them.
    book.with(|used| {
        let left_on_the_page = 10 - used.get() % 10;
        if lines > left_on_the_page {
            used.add(left_on_the_page); // stays empty
        }
        let begin = used.get();
        used.add(lines);
        begin
    })
}

fn main() {
    println!("4 threads add 1, 100000 times each:");
    let counted = count_wrong();
    assert!((2..=399_997).contains(&counted));
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

    let book = LockedCounter::new();
    on_4_threads(25, || {
        let begin = reserve(&book, 4);
        assert_eq!(begin / 10, (begin + 3) / 10, "the first and the last line are on one page");
    });
    // Two entries of 4 lines fit on a page, so 100 entries need 50 pages.
    assert_eq!(book.get(), 498);
    println!("100 entries of 4 lines fill 50 pages of 10 lines, none runs over to the next page");
}

// It prints, and the first total varies:
// ```text
// 4 threads add 1, 100000 times each:
//   wrong, a lock around each step      … of 400000
//   right, one lock around all steps    400000 of 400000
//   right, LockedCounter                400000 of 400000
// 100 entries of 4 lines fill 50 pages of 10 lines, none runs over to the next page
// ```
