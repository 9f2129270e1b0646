//! One atomic word is right. Why is it slow on many cores, and what is faster?
//!
//! Only one core at a time can write a piece of memory. Threads that all add to one word wait for
//! each other, and an atomic addition is slow even without waiting. This program measures five ways
//! to count:
//!
//! - `LockedCounter`: one number behind a lock;
//! - `AtomicCounter`: one atomic word;
//! - an atomic cell for each thread, and the total is the sum of the cells;
//! - one cell for all threads, with a plain load and a plain store: wrong, see `01_lost_update`;
//! - `ShardedCounter`: a cell for each thread, with a plain load and a plain store.
//!
//! Predict first: in which order do they come, the slowest first? Which of them lose additions? And
//! what does a read of a `ShardedCounter` cost after 32 threads have counted at once?
//!
//! Run it: `cargo run --release --example 05_sharded`. A debug build mostly measures itself.
//!
//! What it prints stands at the end of this file, so that you can predict it first.

use std::hint::black_box;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

use crossbeam_utils::CachePadded;
use hotcount::{AtomicCounter, Counter, LockedCounter, ShardedCounter};
use stopwatch::{measure, print_bars};

mod stopwatch;

/// Each thread adds 100 times. Each time all threads load before one of them stores, so that only
/// one of their additions counts.
fn lose_additions(cell: &AtomicU64, threads: usize) {
    let all_have_loaded = Barrier::new(threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..100 {
                    let loaded = cell.load(Relaxed);
                    all_have_loaded.wait();
                    cell.store(loaded + 1, Relaxed);
                }
            });
        }
    });
}

fn main() {
    let threads = thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 32));
    let locked = LockedCounter::new();
    let atomic = AtomicCounter::new();
    // `CachePadded` keeps the cells apart: a core writes a whole line of memory, 64 bytes or more.
    let cells = [const { CachePadded::new(AtomicU64::new(0)) }; 32];
    let wrong = AtomicU64::new(0);
    lose_additions(&wrong, threads);
    let sharded = ShardedCounter::new();

    let in_locked = measure(threads, |_| locked.increment());
    let in_atomic = measure(threads, |_| atomic.increment());
    let in_cells = measure(threads, |thread| {
        cells[thread].fetch_add(1, Relaxed);
    });
    let in_wrong = measure(threads, |_| wrong.store(wrong.load(Relaxed) + 1, Relaxed));
    let in_sharded = measure(threads, |_| sharded.increment());
    println!("{threads} threads add at once, nanoseconds per 1000 additions of one thread:");
    print_bars(&[
        ("LockedCounter", &in_locked),
        ("AtomicCounter", &in_atomic),
        ("an atomic cell each", &in_cells),
        ("wrong, a shared cell", &in_wrong),
        ("ShardedCounter", &in_sharded),
    ]);
    let sum_of_cells: u64 = cells.iter().map(|cell| cell.load(Relaxed)).sum();
    assert_eq!(locked.get(), in_locked.calls);
    assert_eq!(atomic.get(), in_atomic.calls);
    assert_eq!(sum_of_cells, in_cells.calls);
    assert_eq!(sharded.get(), in_sharded.calls);
    let added = in_wrong.calls + 100 * threads as u64;
    let lost = added - wrong.into_inner();
    assert!(lost >= 100);
    println!("The shared cell lost {lost} additions of {added}, the others lost none.");

    // A read sums one cell for each thread that has counted at the same time as others.
    let all_have_counted = Barrier::new(32);
    thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                // A thread takes a cell when no other thread is just taking one.
                for _ in 0..100 {
                    sharded.increment();
                    thread::yield_now();
                }
                all_have_counted.wait();
            });
        }
    });
    let read_atomic = measure(1, |_| {
        black_box(atomic.get());
    });
    let read_sharded = measure(1, |_| {
        black_box(sharded.get());
    });
    println!("\n32 threads have counted at once; nanoseconds per 1000 reads:");
    print_bars(&[("AtomicCounter", &read_atomic), ("ShardedCounter", &read_sharded)]);
}

// It prints a measurement of this machine, so the figures and the bars vary:
// ```text
// … threads add at once, nanoseconds per 1000 additions of one thread:
//   LockedCounter         … │…
//   AtomicCounter         … │…
//   an atomic cell each   … │…
//   wrong, a shared cell  … │…
//   ShardedCounter        … │…
// The shared cell lost … additions of …, the others lost none.
//
// 32 threads have counted at once; nanoseconds per 1000 reads:
//   AtomicCounter         … │…
//   ShardedCounter        … │…
// ```
