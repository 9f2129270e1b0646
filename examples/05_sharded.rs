//! If one atomic word is right, why is it slow on many cores, and what is faster?
//!
//! Only one core at a time may write a piece of memory. Threads that all add to one word pass it
//! around and wait for it, and each addition is a special instruction, which is slow even alone. A
//! `ShardedCounter` gives each thread a cell of its own. Nobody waits, and since nobody else writes
//! the cell, a plain load and a plain store do. The reader pays: it sums the cells.
//!
//! Half of it does not work. Atomic cells, one for each thread, are right and still pay for the
//! instruction. Plain loads and stores in a cell that two threads share lose additions.
//!
//! Run it: `cargo run --release --example 05_sharded` (a debug build mostly measures itself)
//!
//! It prints a measurement of this machine; the figures and the bars vary, and say most when nothing
//! else keeps its cores busy:
//! ```text
//! … threads add at once, nanoseconds per addition of one thread:
//!   LockedCounter         … │…
//!   AtomicCounter         … │…
//!   an atomic cell each   … │…
//!   wrong, a shared cell  … │…
//!   ShardedCounter        … │…
//! The shared cell lost … additions of …, the others lost none.
//!
//! 32 threads have added at once; nanoseconds per get:
//!   AtomicCounter         … │…
//!   ShardedCounter        … │…
//! ```

use std::hint::black_box;
use std::num::NonZero;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_utils::CachePadded;
use hotcount::{AtomicCounter, Counter, LockedCounter, ShardedCounter};

/// Calls `call` from several threads for a tenth of a second; returns how often it was called, and
/// the nanoseconds that a call took a thread.
fn measure(threads: u32, call: impl Fn(usize) + Sync) -> (u64, f64) {
    let start = Barrier::new(threads as usize);
    let run = |me| {
        start.wait();
        let (began, mut calls) = (Instant::now(), 0_u32);
        while began.elapsed() < Duration::from_millis(100) {
            (0..1000).for_each(|_| call(me));
            calls += 1000;
        }
        calls
    };
    let run = &run;
    let calls: Vec<u32> = thread::scope(|scope| {
        let all: Vec<_> = (0..threads as usize).map(|me| scope.spawn(move || run(me))).collect();
        all.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let ns = 1e8 * f64::from(threads) / calls.iter().copied().map(f64::from).sum::<f64>();
    (calls.into_iter().map(u64::from).sum(), ns)
}

/// Prints each figure with a bar in eighths of a character; the longest bar is 40 wide.
fn print_bars(figures: &[(&str, f64)]) {
    let longest = figures.iter().map(|(_, ns)| *ns).fold(0.0, f64::max);
    for (name, ns) in figures {
        let eighths = (0..320).filter(|&at| f64::from(at) * longest < ns * 320.0).count();
        let end = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
        println!("  {name:20} {ns:7.2} │{}{end}", "█".repeat(eighths / 8));
    }
}

fn main() {
    let cores = thread::available_parallelism().map_or(2, NonZero::get);
    let threads = u32::try_from(cores.clamp(2, 32)).unwrap();
    let (locked, atomic) = (LockedCounter::new(), AtomicCounter::new());
    // `CachePadded` keeps neighbours apart: they would be one piece of memory to the cores.
    let cells = [const { CachePadded::new(AtomicU64::new(0)) }; 32];
    let (one_cell, sharded) = (AtomicU64::new(0), ShardedCounter::new());

    let in_locked = measure(threads, |_| locked.increment());
    let in_atomic = measure(threads, |_| atomic.increment());
    let in_cells = measure(threads, |me| _ = cells[me].fetch_add(1, Relaxed));
    let in_one_cell = measure(threads, |_| one_cell.store(one_cell.load(Relaxed) + 1, Relaxed));
    let in_sharded = measure(threads, |_| sharded.increment());
    println!("{threads} threads add at once, nanoseconds per addition of one thread:");
    print_bars(&[
        ("LockedCounter", in_locked.1),
        ("AtomicCounter", in_atomic.1),
        ("an atomic cell each", in_cells.1),
        ("wrong, a shared cell", in_one_cell.1),
        ("ShardedCounter", in_sharded.1),
    ]);
    let sum_of_cells: u64 = cells.iter().map(|cell| cell.load(Relaxed)).sum();
    let counted = [locked.get(), atomic.get(), sum_of_cells, sharded.get()];
    assert_eq!(counted, [in_locked.0, in_atomic.0, in_cells.0, in_sharded.0]);
    let lost = in_one_cell.0.checked_sub(one_cell.into_inner()).expect("none is made up");
    println!("The shared cell lost {lost} additions of {}, the others lost none.", in_one_cell.0);

    // Every thread that ever counted at once is a cell to sum.
    let all_there = Barrier::new(32);
    thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| (sharded.increment(), all_there.wait()));
        }
    });
    assert_eq!(sharded.get(), in_sharded.0 + 32);
    println!("\n32 threads have added at once; nanoseconds per get:");
    print_bars(&[
        ("AtomicCounter", measure(1, |_| _ = black_box(atomic.get())).1),
        ("ShardedCounter", measure(1, |_| _ = black_box(sharded.get())).1),
    ]);
}
