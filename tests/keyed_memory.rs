//! Memory of counters under keys, by what the allocator hands out: in a process of its own, one test.
#![allow(missing_docs)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use hotcount::keyed::CounterMap;

static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

struct Measuring;

// SAFETY: it is the system's allocator; measuring neither allocates nor panics.
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

#[test]
fn memory_follows_the_number_of_keys() {
    an_emptied_map_frees_its_memory();
}

fn an_emptied_map_frees_its_memory() {
    let map = CounterMap::<u64>::new();
    let empty = ALLOCATED.load(Relaxed);
    let peak = || {
        (0..100_000).for_each(|key| map.increment(&key));
        assert!(ALLOCATED.load(Relaxed) > empty + 1_000_000);
    };
    peak();
    assert!((0..100_000).all(|key| map.remove(&key).is_some()));
    let after_removals = ALLOCATED.load(Relaxed) - empty;
    peak();
    assert_eq!((map.sweep().len(), map.sweep().len()), (0, 100_000));
    let after_sweeps = ALLOCATED.load(Relaxed) - empty;
    // Each of the 64 locks keeps room for a few keys.
    assert!(after_removals.max(after_sweeps) < 32_768, "{after_removals} {after_sweeps}");
}
