//! A thread that stays for ever inside the table's lock (killed there, or not copied by a `fork`)
//! hangs nobody who has counted before, and nobody who ends.
#![allow(missing_docs)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use hotcount::{Counter, ShardedCounter};

static GATE_IS_SHUT: AtomicBool = AtomicBool::new(false);
static SOMEBODY_WAITS: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Whether this thread may allocate only when the gate is open.
    static GATED: Cell<bool> = const { Cell::new(false) };
}

struct Gated;

// SAFETY: it is the system's allocator, a little later.
unsafe impl GlobalAlloc for Gated {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        while GATED.get() && GATE_IS_SHUT.load(SeqCst) {
            SOMEBODY_WAITS.store(true, SeqCst);
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

/// The first column that is given back below one in use is noted in memory that is allocated
/// inside the lock: there the holder stays.
#[test]
fn a_held_lock_hangs_nobody_who_has_counted_and_nobody_who_ends() {
    static COUNTER: ShardedCounter = ShardedCounter::new();
    let first = ShardedCounter::new();
    let many: Vec<_> = (0..1_000).map(|_| ShardedCounter::new()).collect();
    first.increment();
    many.iter().for_each(ShardedCounter::increment);
    COUNTER.increment();

    let (go, wait) = mpsc::channel::<()>();
    let (told, tells) = mpsc::channel();
    let ending = thread::spawn(move || {
        COUNTER.increment();
        told.send(()).expect("the test waits");
        wait.recv().expect("the test says when");
        COUNTER.increment();
    });
    tells.recv().expect("it counts");

    GATE_IS_SHUT.store(true, SeqCst);
    let holder = thread::spawn(move || {
        GATED.set(true);
        drop(first);
        GATED.set(false);
    });
    while !SOMEBODY_WAITS.load(SeqCst) {
        thread::yield_now();
    }

    COUNTER.increment();
    assert_eq!(COUNTER.get(), 3, "additions and reads take no lock");
    go.send(()).expect("it waits");
    let (ended, has_ended) = mpsc::channel();
    thread::spawn(move || {
        ending.join().expect("it ends");
        drop(many); // only the first of all waits
        ended.send(()).expect("the test waits");
    });
    has_ended.recv_timeout(Duration::from_secs(60)).expect("who ends waits for ever");
    assert_eq!(COUNTER.get(), 4);

    #[cfg(unix)]
    assert_eq!(
        in_a_forked_child(|| {
            COUNTER.add(10);
            COUNTER.get() == 14
        }),
        0,
        "the child goes on counting from a table whose lock is held by nobody"
    );

    GATE_IS_SHUT.store(false, SeqCst);
    holder.join().expect("it drops its counter");
    let next = ShardedCounter::new();
    next.increment();
    assert_eq!((next.get(), COUNTER.get()), (1, 4));
}

/// Forks, and returns the child's exit status: 0 when `check` held, a signal when it hung.
#[cfg(unix)]
fn in_a_forked_child(check: impl FnOnce() -> bool) -> i32 {
    // SAFETY: the child calls `check`, which neither allocates nor locks, and leaves.
    unsafe {
        match libc::fork() {
            0 => {
                libc::alarm(60);
                libc::_exit(i32::from(!check()));
            }
            child => {
                let mut status = 0;
                assert_eq!(libc::waitpid(child, &raw mut status, 0), child);
                status
            }
        }
    }
}
