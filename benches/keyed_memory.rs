//! How many bytes does a key take, when 1 to 32 threads have counted under each of 10,000?
//!
//! Measured by the allocator, in a process of its own for each number, because rows stay.
#![allow(missing_docs, clippy::cast_precision_loss)]

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::HashMap;
use std::env;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Barrier, OnceLock};
use std::thread;

use common::record::Figures;
use common::runner::thread_counts;
use dashmap::DashMap;
use hotcount::keyed::{CounterFamily, CounterMap};
use parking_lot::Mutex;

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

const KEYS: u64 = 10_000;

/// Enough that a `ShardedCounter` takes a column.
const ROUNDS: u64 = 100;

/// The bytes in use after the threads, still alive, have counted under each key.
fn bytes<M: Send + Sync>(threads: usize, new: fn() -> M, increment: fn(&M, u64)) -> usize {
    let map = OnceLock::<M>::new();
    let barrier = Barrier::new(threads + 1);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                barrier.wait(); // all have started
                barrier.wait(); // the map is there
                let map = map.get().expect("the map is there");
                (0..ROUNDS).for_each(|_| (0..KEYS).for_each(|key| increment(map, key)));
                barrier.wait(); // all have counted
                barrier.wait(); // it is measured
            });
        }
        barrier.wait(); // all have started, and allocated what a thread needs
        let before = ALLOCATED.load(Relaxed);
        map.get_or_init(new);
        barrier.wait();
        barrier.wait();
        let bytes = ALLOCATED.load(Relaxed) - before;
        barrier.wait();
        bytes
    })
}

/// What a process measures: not by its arguments, which are those of `cargo bench`.
const NAME: &str = "HOTCOUNT_MEMORY_OF";
const THREADS: &str = "HOTCOUNT_MEMORY_THREADS";

type Measure = fn(usize) -> usize;

const MAPS: [(&str, Measure); 4] = [
    ("CounterFamily", |threads| {
        bytes(threads, CounterFamily::<u64>::new, |family, key| family.increment(&key))
    }),
    ("CounterMap", |threads| {
        bytes(threads, CounterMap::<u64>::new, |map, key| map.increment(&key))
    }),
    ("DashMap", |threads| {
        bytes(threads, DashMap::<u64, u64>::new, |map, key| *map.entry(key).or_default() += 1)
    }),
    ("Mutex<HashMap>", |threads| {
        let increment =
            |map: &Mutex<HashMap<u64, u64>>, key| *map.lock().entry(key).or_default() += 1;
        bytes(threads, Mutex::default, increment)
    }),
];

fn main() {
    if let Ok(threads) = env::var(THREADS) {
        let name = env::var(NAME).expect("the map is set with the threads");
        let (_, measure) = MAPS.iter().find(|(known, _)| *known == name).expect("a known map");
        println!("{}", measure(threads.parse().expect("a number")));
        return;
    }
    let mut all = Figures::new();
    for (name, _) in MAPS {
        for threads in thread_counts() {
            let program = env::current_exe().expect("it runs");
            let mut process = Command::new(program);
            let output = process.env(NAME, name).env(THREADS, threads.to_string()).output();
            let printed = String::from_utf8(output.expect("it runs again").stdout);
            let bytes: u32 = printed.expect("it is text").trim().parse().expect("a number");
            let each = f64::from(bytes) / KEYS as f64;
            println!("keyed_memory/{name}/{threads}: {each} bytes each");
            all.entry(name).or_default().insert(threads, each);
        }
    }
    common::record::machine();
    common::record::figures("keyed_memory", &all);
}
