//! How much memory does my program use right now, and what does counting every byte cost?
//!
//! A global allocator sees every allocation of every thread, so one atomic word becomes the busiest
//! word of the program. An `UpDownCounter` gives each thread cells of its own. It may count inside an
//! allocator because it never waits and never calls itself: while it makes a row for a thread, its
//! own allocations are added to a word of its own.
//!
//! Run it: `cargo run --release --example allocator`. A debug build mostly measures itself.
//!
//! It prints the memory in use, and what counting adds to an allocation and its release:
//! ```text
//! at the start            … KiB in use
//! 4 threads hold 8 MiB    … KiB in use
//! at the end              … KiB in use
//!
//! to count an allocation and its release, in ns:
//!                  1 thread   2 threads
//! UpDownCounter    …   …
//! AtomicU64        …   …
//! ```

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Instant;

use hotcount::UpDownCounter;

/// The bytes in use.
static IN_USE: UpDownCounter = UpDownCounter::new();

/// The system's allocator, and a count of what it has given out.
struct Counting;

// SAFETY: each method does what the system's allocator does. Counting does not panic.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        IN_USE.add(layout.size() as u64);
        // SAFETY: as the caller's.
        unsafe { System.alloc(layout) }
    }

    // Without this method, memory that should come zeroed would be written.
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        IN_USE.add(layout.size() as u64);
        // SAFETY: as the caller's.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        IN_USE.add(size as u64);
        IN_USE.sub(layout.size() as u64);
        // SAFETY: as the caller's.
        unsafe { System.realloc(memory, layout, size) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        IN_USE.sub(layout.size() as u64);
        // SAFETY: as the caller's.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    let start = report("at the start");

    let (all_hold, barrier) = (Arc::new(Barrier::new(5)), Arc::new(Barrier::new(5)));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (all_hold, barrier) = (all_hold.clone(), barrier.clone());
            thread::spawn(move || {
                let _memory = black_box(vec![1_u8; 2 << 20]);
                all_hold.wait();
                barrier.wait();
            })
        })
        .collect();
    all_hold.wait();
    let held = report("4 threads hold 8 MiB");
    assert!(held >= start + (8 << 20), "no byte is missing");
    barrier.wait();
    threads.into_iter().for_each(|thread| thread.join().expect("it frees its memory"));

    let end = report("at the end");
    assert!(end < start + (1 << 20), "what was freed is subtracted");

    println!("\nto count an allocation and its release, in ns:");
    println!("                 1 thread   2 threads");
    let counter = UpDownCounter::new();
    row("UpDownCounter", |size| {
        counter.add(size);
        counter.sub(size);
    });
    let word = AtomicU64::new(0);
    row("AtomicU64", |size| {
        word.fetch_add(size, Relaxed);
        word.fetch_sub(size, Relaxed);
    });
    assert_eq!((counter.into_inner(), word.into_inner()), (0, 0));
}

/// Prints what is in use now, and returns it.
fn report(when: &str) -> i64 {
    let in_use = IN_USE.get();
    println!("{when:<20} {:>9} KiB in use", in_use / 1024);
    in_use
}

/// Prints what `count` takes on one thread and on two.
fn row(name: &str, count: impl Fn(u64) + Sync) {
    let [one, two] = [1, 2].map(|threads| nanoseconds(threads, &count));
    println!("{name:<16} {one:>8.1}   {two:>9.1}");
}

/// Returns the nanoseconds of a call, with `threads` threads calling at once.
fn nanoseconds(threads: u32, count: &(impl Fn(u64) + Sync)) -> f64 {
    const CALLS: u32 = 1_000_000;
    let barrier = Barrier::new(threads as usize);
    let seconds = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    let start = Instant::now();
                    (0..CALLS).for_each(|_| count(black_box(64)));
                    start.elapsed().as_secs_f64()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("it counts")).fold(0.0, f64::max)
    });
    seconds * 1e9 / f64::from(CALLS)
}
