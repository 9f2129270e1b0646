//! Which totals may a reader see while other threads add?
//!
//! A counter holds 1. One thread adds 10 and another thread adds 100 while a third one reads. So
//! the digits of a total show which additions it counts.
//!
//! Predict first: which totals can the reader see? Which totals would be a mistake of the counter?
//!
//! Run it: `cargo run --release --example 06_reads_beside_adds`
//!
//! What it prints stands at the end of this file, so that you can predict it first.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread;

use hotcount::{Counter, ShardedCounter};

/// Keeps the newest addition apart, and moves it into the total when the next one comes.
#[derive(Default)]
struct WrongCounter {
    total: AtomicU64,
    newest: AtomicU64,
}

impl WrongCounter {
    /// Calls `pause` where any other thread may run.
    fn add(&self, n: u64, pause: impl Fn()) {
        let before = self.newest.swap(n, SeqCst);
        pause(); // now `before` is in neither of the two places
        self.total.fetch_add(before, SeqCst);
    }

    fn get(&self) -> u64 {
        self.newest.load(SeqCst) + self.total.load(SeqCst)
    }
}

/// Returns how often each total was seen.
fn read_beside_adds() -> BTreeMap<u64, u32> {
    let mut seen = BTreeMap::new();
    for round in 0..100 {
        // The 10 comes first in every other round.
        let (first, second) = if round % 2 == 0 { (10, 100) } else { (100, 10) };
        let counter = ShardedCounter::new();
        counter.add(1);
        let mut read = || *seen.entry(counter.get()).or_default() += 1;
        thread::scope(|scope| {
            read();
            scope.spawn(|| counter.add(first));
            read();
            thread::yield_now(); // the other thread may run
            read();
            scope.spawn(|| counter.add(second));
            read();
            thread::yield_now();
            read();
        });
        read();
    }
    seen
}

fn main() {
    println!("How often a reader of a ShardedCounter saw each total:");
    let mut seen = read_beside_adds();
    for total in [1, 11, 101, 111] {
        println!("  {total:5} {:6}", seen.remove(&total).unwrap_or(0));
    }
    assert!(seen.is_empty(), "no other total was seen");
    println!("  other      0");

    let wrong = WrongCounter::default();
    wrong.add(1, || ());
    wrong.add(10, || {
        let total = wrong.get();
        assert_eq!(total, 10);
        println!("wrong counter, read during the addition of 10: {total}, the 1 is missing");
    });
    assert_eq!(wrong.get(), 11);
}

// It prints. How often each total is seen varies:
// ```text
// How often a reader of a ShardedCounter saw each total:
//       1 …
//      11 …
//     101 …
//     111 …
//   other      0
// wrong counter, read during the addition of 10: 10, the 1 is missing
// ```
