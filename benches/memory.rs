//! How many bytes does a counter take, when eight threads have added to each of 1 to 10,000?
//!
//! Measured by the allocator: all that was allocated for the counters and not freed, in a process
//! of their own for each number, because rows stay.
#![allow(missing_docs, clippy::cast_precision_loss)]

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::env;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Barrier, OnceLock};
use std::thread;

use common::baselines::{Atomic, ParkingLotMutex, StdMutex};
use common::record::Figures;
use hotcount::{AtomicCounter, Counter, LockedCounter, ShardedCounter};

static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

struct Measuring;

// SAFETY: it is the system's allocator.
unsafe impl GlobalAlloc for Measuring {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.fetch_add(layout.size(), Relaxed);
        // SAFETY: as the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        ALLOCATED.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as the caller's.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Measuring = Measuring;

const THREADS: usize = 8;
const COUNTS: [usize; 5] = [1, 10, 100, 1_000, 10_000];

/// The bytes in use after eight threads, still alive, have added to each of `count` counters.
fn bytes<C: Counter + Default>(count: usize) -> usize {
    let counters = OnceLock::<Vec<C>>::new();
    let barrier = Barrier::new(THREADS + 1);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                barrier.wait(); // all have started
                barrier.wait(); // the counters are there
                let counters = counters.get().expect("the counters are there");
                counters.iter().for_each(Counter::increment);
                barrier.wait(); // all have counted
                barrier.wait(); // it is measured
            });
        }
        barrier.wait(); // all have started, and allocated what a thread needs
        let before = ALLOCATED.load(Relaxed);
        let counters = counters.get_or_init(|| (0..count).map(|_| C::default()).collect());
        barrier.wait();
        barrier.wait(); // all have counted
        let bytes = ALLOCATED.load(Relaxed) - before;
        assert!(counters.iter().all(|counter| counter.get() == THREADS as u64));
        barrier.wait();
        bytes
    })
}

/// What a process measures: not by its arguments, which are those of `cargo bench`.
const NAME: &str = "HOTCOUNT_MEMORY_OF";
const COUNT: &str = "HOTCOUNT_MEMORY_COUNT";

type Measure = fn(usize) -> usize;

const TYPES: [(&str, Measure); 6] = [
    ("ShardedCounter", bytes::<ShardedCounter>),
    ("AtomicCounter", bytes::<AtomicCounter>),
    ("AtomicU64", bytes::<Atomic>),
    ("LockedCounter", bytes::<LockedCounter>),
    ("parking_lot Mutex", bytes::<ParkingLotMutex>),
    ("std Mutex", bytes::<StdMutex>),
];

fn main() {
    if let Ok(count) = env::var(COUNT) {
        let name = env::var(NAME).expect("the type is set with the count");
        let (_, measure) = TYPES.iter().find(|(known, _)| *known == name).expect("a known type");
        println!("{}", measure(count.parse().expect("a number")));
        return;
    }
    let mut all = Figures::new();
    for (name, _) in TYPES {
        for count in COUNTS {
            let program = env::current_exe().expect("it runs");
            let mut process = Command::new(program);
            let output = process.env(NAME, name).env(COUNT, count.to_string()).output();
            let printed = String::from_utf8(output.expect("it runs again").stdout);
            let bytes: u32 = printed.expect("it is text").trim().parse().expect("a number");
            let each = f64::from(bytes) / count as f64;
            println!("memory/{name}/{count}: {each} bytes each");
            all.entry(name).or_default().insert(count, each);
        }
    }
    common::record::machine();
    common::record::figures("memory", &all);
}
