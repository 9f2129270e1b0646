//! How do you read "since the last time" from a counter, and why has it no `reset`?
//!
//! Two exporters read the same hits. One reads every minute, the other one every two minutes. In the
//! first version a reader takes the hits and sets the count to 0. In the second version each reader
//! has a `Cursor`, which leaves the counter alone and remembers how far it has read.
//!
//! Predict first: 18 hits come in. How many does each exporter report with `reset`, and how many
//! with a `Cursor`? Which additions does a reader miss if another thread adds while it reads?
//!
//! Run it: `cargo run --release --example 07_windows`
//!
//! What it prints stands at the end of this file, so that you can predict it first.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread;

use hotcount::{Counter, Cursor, ShardedCounter};

/// Hits that come in during one minute.
const HITS: [u64; 4] = [5, 3, 4, 6];

/// Wrong as soon as there is a second reader.
fn reset(hits: &AtomicU64) -> u64 {
    hits.swap(0, SeqCst)
}

/// Returns what the exporter of every minute reports, and the one of every second minute.
fn with_reset() -> (Vec<u64>, Vec<u64>) {
    let hits = AtomicU64::new(0);
    let (mut each, mut every_2nd) = (Vec::new(), Vec::new());
    for minute in 1..=4 {
        hits.fetch_add(HITS[minute - 1], SeqCst);
        // In minute 4 the exporter of every second minute comes first.
        if minute == 4 {
            every_2nd.push(reset(&hits));
        }
        each.push(reset(&hits));
        if minute == 2 {
            every_2nd.push(reset(&hits));
        }
    }
    (each, every_2nd)
}

/// The same with a cursor for each exporter.
fn with_cursors() -> (Vec<u64>, Vec<u64>) {
    let hits = ShardedCounter::new();
    let (mut cursor_of_each, mut cursor_of_2nd) = (Cursor::new(&hits), Cursor::new(&hits));
    let (mut each, mut every_2nd) = (Vec::new(), Vec::new());
    for minute in 1..=4 {
        hits.add(HITS[minute - 1]);
        if minute == 4 {
            every_2nd.push(cursor_of_2nd.take());
        }
        each.push(cursor_of_each.take());
        if minute == 2 {
            every_2nd.push(cursor_of_2nd.take());
        }
    }
    (each, every_2nd)
}

/// Two threads add while a cursor takes. Returns the sum of the takes.
fn sum_of_takes_beside_adds() -> u64 {
    let counter = ShardedCounter::new();
    let mut cursor = Cursor::new(&counter);
    let mut sum = 0;
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..500_000 {
                    counter.increment();
                }
            });
        }
        for _ in 0..1_000 {
            sum += cursor.take();
        }
    });
    // Here both threads have ended.
    sum + cursor.take()
}

fn main() {
    println!("18 hits in 4 minutes: {HITS:?}");
    let (each, every_2nd) = with_reset();
    assert_eq!((&each, &every_2nd), (&vec![5, 3, 4, 0], &vec![0, 6]));
    println!("  wrong, reset    every minute {each:?}, every second minute {every_2nd:?}");
    let (each, every_2nd) = with_cursors();
    assert_eq!((&each, &every_2nd), (&vec![5, 3, 4, 6], &vec![8, 10]));
    println!("  right, cursors  every minute {each:?}, every second minute {every_2nd:?}");

    let sum = sum_of_takes_beside_adds();
    assert_eq!(sum, 1_000_000);
    println!("2 threads add 1000000 while a cursor takes, and its takes sum up to {sum}");
}

// It prints:
// ```text
// 18 hits in 4 minutes: [5, 3, 4, 6]
//   wrong, reset    every minute [5, 3, 4, 0], every second minute [0, 6]
//   right, cursors  every minute [5, 3, 4, 6], every second minute [8, 10]
// 2 threads add 1000000 while a cursor takes, and its takes sum up to 1000000
// ```
