//! May a count be a signal: "all 4 workers are done, so read their results"?
//!
//! Only if it is *published*: a thread that counts an addition also sees what was written before that
//! addition. Compilers and processors change the order of memory accesses unless the program forbids
//! it. `Relaxed` does not forbid it. `Release` on the addition and `Acquire` on the read do. Every
//! counter of this crate uses them.
//!
//! On an ordinary PC (x86-64) the wrong version shows the right results as well: this processor
//! happens to keep the order. A phone need not. So loom runs both versions here, under every order
//! that the language allows.
//!
//! Predict first: one thread writes 42 as its result and then adds 1 to a count. Another thread reads
//! the count and then the result. Which pairs can it read with `Relaxed`, and which of them are
//! impossible with `Release` and `Acquire`?
//!
//! Run it: `cargo run --release --example 08_signals`
//!
//! What it prints stands at the end of this file, so that you can predict it first.

use std::collections::BTreeSet;
use std::sync::atomic::{
    AtomicU64,
    Ordering::{self, Acquire, Relaxed, Release},
};
use std::sync::{Arc, Mutex};
use std::thread;

use hotcount::{Counter, ShardedCounter};

/// The results are written and read with `Relaxed`: only the count orders them.
fn results_of_4_workers() -> Vec<u64> {
    let results = [const { AtomicU64::new(0) }; 4];
    let done = ShardedCounter::new();
    let mut read = Vec::new();
    thread::scope(|scope| {
        for (worker, result) in results.iter().enumerate() {
            let done = &done;
            scope.spawn(move || {
                result.store(10 * worker as u64, Relaxed);
                done.increment();
            });
        }
        while done.get() < 4 {
            thread::yield_now();
        }
        for result in &results {
            read.push(result.load(Relaxed));
        }
    });
    read
}

/// Returns every pair (count, result) that the language allows the other thread to read. loom's
/// atomics and threads stand in for the real ones.
fn possible_reads(add: Ordering, get: Ordering) -> BTreeSet<(u64, u64)> {
    let reads = Arc::new(Mutex::new(BTreeSet::new()));
    let all_reads = reads.clone();
    loom::model(move || {
        let result = Arc::new(loom::sync::atomic::AtomicU64::new(0));
        let count = Arc::new(loom::sync::atomic::AtomicU64::new(0));
        let (same_result, same_count) = (result.clone(), count.clone());
        loom::thread::spawn(move || {
            same_result.store(42, Relaxed);
            same_count.fetch_add(1, add);
        });
        let count = count.load(get);
        let result = result.load(Relaxed);
        reads.lock().unwrap().insert((count, result));
    });
    all_reads.lock().unwrap().clone()
}

fn main() {
    let results = results_of_4_workers();
    assert_eq!(results, [0, 10, 20, 30]);
    println!("4 workers are counted, their results are {results:?}");

    println!("\nWhat a thread can read, first the count and then the result:");
    let wrong = possible_reads(Relaxed, Relaxed);
    assert_eq!(wrong, BTreeSet::from([(0, 0), (0, 42), (1, 0), (1, 42)]));
    println!("  wrong, Relaxed               {wrong:?}");
    let right = possible_reads(Release, Acquire);
    assert_eq!(right, BTreeSet::from([(0, 0), (0, 42), (1, 42)]));
    println!("  right, Release and Acquire   {right:?}");
}

// It prints:
// ```text
// 4 workers are counted, their results are [0, 10, 20, 30]
//
// What a thread can read, first the count and then the result:
//   wrong, Relaxed               {(0, 0), (0, 42), (1, 0), (1, 42)}
//   right, Release and Acquire   {(0, 0), (0, 42), (1, 42)}
// ```
