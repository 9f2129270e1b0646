//! A thread that stays for ever inside the table's lock (not copied by a `fork`, or killed there)
//! stops no other thread: additions, reads, ends of threads and drops of counters go on.
#![allow(missing_docs)]

#[cfg(unix)]
mod child;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use hotcount::{Counter, ShardedCounter, UpDownCounter};

static GATE_IS_SHUT: AtomicBool = AtomicBool::new(false);
static A_THREAD_WAITS: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Whether this thread may allocate only when the gate is open.
    static GATED: Cell<bool> = const { Cell::new(false) };
}

struct Gated;

// SAFETY: it is the system's allocator, a little later.
unsafe impl GlobalAlloc for Gated {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        while GATED.get() && GATE_IS_SHUT.load(SeqCst) {
            A_THREAD_WAITS.store(true, SeqCst);
            thread::yield_now();
        }
        // SAFETY: as the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as the caller's.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Gated = Gated;

static COUNTER: ShardedCounter = ShardedCounter::new();
static GAUGE: UpDownCounter = UpDownCounter::new();

/// Adds in every way, 100 in all.
fn add_100() {
    (0..50).for_each(|_| COUNTER.increment());
    let fresh = ShardedCounter::new();
    for _ in 0..50 {
        COUNTER.increment();
        GAUGE.increment();
        GAUGE.decrement();
        fresh.increment();
    }
    assert_eq!(fresh.into_inner(), 50);
}

/// A row is made in memory that is allocated inside the lock: there the holder stays.
#[test]
fn a_held_lock_stops_no_other_thread() {
    add_100();
    let (go, wait) = mpsc::channel::<()>();
    let (told, tells) = mpsc::channel();
    let has_a_row = thread::spawn(move || {
        add_100();
        told.send(()).expect("the test waits");
        wait.recv().expect("the test says when");
        add_100();
    });
    tells.recv().expect("it counts");

    GATE_IS_SHUT.store(true, SeqCst);
    let holder = thread::spawn(|| {
        GATED.set(true);
        COUNTER.increment();
        GATED.set(false);
    });
    while !A_THREAD_WAITS.load(SeqCst) {
        assert!(!holder.is_finished(), "it took no new row, so it did not stay inside the lock");
        thread::yield_now();
    }

    go.send(()).expect("it waits");
    let (ended, has_ended) = mpsc::channel();
    thread::spawn(move || {
        has_a_row.join().expect("it ends");
        thread::spawn(add_100).join().expect("a thread without a row counts as well");
        ended.send(()).expect("the test waits");
    });
    has_ended.recv_timeout(Duration::from_secs(60)).expect("a thread waits for the lock");
    assert_eq!((COUNTER.get(), GAUGE.get()), (400, 0));

    #[cfg(unix)]
    assert_eq!(
        child::in_a_child(|| {
            add_100();
            COUNTER.get() == 500 && GAUGE.get() == 0
        }),
        0,
        "the child counts on from a table whose lock is held by a thread that it does not have"
    );

    GATE_IS_SHUT.store(false, SeqCst);
    holder.join().expect("it counts");
    thread::spawn(add_100).join().expect("it counts");
    assert_eq!((COUNTER.get(), GAUGE.get()), (501, 0));
}
