//! The memory of rows: how much it is, how it lies, and who asks for it.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::alone::alone;
use crate::sharded::ShardedCounter;
use crate::sharded::row::LINE;
use crate::sharded::table::table;
use crate::sharded::this_thread::SlowPath;
use crate::{SHORT, at_once, make_warm, warm};

/// The bytes that were asked for as zeros: the memory of rows, links and nothing else.
static ZEROED: AtomicUsize = AtomicUsize::new(0);

/// How often zeros were asked for outside the slow path.
static UNMARKED: AtomicUsize = AtomicUsize::new(0);

struct CountsZeroed;

// SAFETY: it is the system's allocator.
unsafe impl GlobalAlloc for CountsZeroed {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        ZEROED.fetch_add(layout.size(), Relaxed);
        UNMARKED.fetch_add(usize::from(SlowPath::enter().is_some()), Relaxed);
        // SAFETY: as the caller's.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as the caller's.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: CountsZeroed = CountsZeroed;

fn memory_comes_zeroed() -> bool {
    if cfg!(target_has_atomic = "64") {
        return true;
    }
    println!("skipped: without 64-bit atomics, rows are not made of memory that comes zeroed");
    false
}

alone! {
    /// An allocator that counts is called while a row is made, and finds the slow path taken.
    fn the_thread_is_marked_while_it_makes_a_row() {
        if !memory_comes_zeroed() {
            return;
        }
        let before = (ZEROED.load(Relaxed), UNMARKED.load(Relaxed));
        drop(warm());
        let after = (ZEROED.load(Relaxed), UNMARKED.load(Relaxed));
        assert!(after.0 > before.0 && after.1 == before.1, "{before:?} {after:?}");
        assert!(SlowPath::enter().is_some(), "and it is left again");
    }

    /// Zeros are asked for twice the rows at most, and in blocks of 64 KiB at most.
    fn rows_lie_side_by_side_in_few_blocks() {
        static COUNTER: ShardedCounter = ShardedCounter::new();
        if !memory_comes_zeroed() {
            return;
        }
        make_warm(&COUNTER);
        let before = ZEROED.load(Relaxed);
        at_once(1_100, &COUNTER);
        let bytes = 1_100 * SHORT * 8;
        let asked = ZEROED.load(Relaxed) - before;
        assert!((bytes..=bytes + 65_536 + 20 * 1_024 + 2_048 * 8).contains(&asked), "{asked}");
        let mut addresses = Vec::new();
        table().for_each_row(|row| addresses.push(row.addresses()));
        let blocks = addresses.windows(2).filter(|two| two[0].end != two[1].start).count();
        assert!((5..=14).contains(&blocks), "{blocks} blocks");
    }

    /// Each row begins and ends with a cache line.
    fn no_cache_line_has_two_owners() {
        static COUNTER: ShardedCounter = ShardedCounter::new();
        make_warm(&COUNTER);
        let many: Vec<_> = (0..=SHORT).map(|_| warm()).collect();
        at_once(30, &COUNTER);
        table().for_each_row(|row| {
            let cells = row.addresses();
            assert!(cells.start % LINE == 0 && cells.end % LINE == 0);
        });
        if cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) {
            assert_eq!(LINE, 128);
        }
        drop(many);
    }
}
