//! Where only `AtomicCounter` may count: inside the global allocator and in signal handlers.
#![allow(missing_docs)]

use std::alloc::{GlobalAlloc, Layout, System};

use hotcount::{AtomicCounter, Counter};

const ODD_SIZE: usize = 4_243;
static ALLOCATED: AtomicCounter = AtomicCounter::new();

struct Counting;

// SAFETY: it is the system's allocator; counting neither allocates nor panics.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() == ODD_SIZE {
            ALLOCATED.increment();
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
static ALLOCATOR: Counting = Counting;

#[test]
fn an_atomic_counter_counts_inside_the_global_allocator() {
    for _ in 0..100 {
        drop(Vec::<u8>::with_capacity(std::hint::black_box(ODD_SIZE)));
    }
    assert_eq!(ALLOCATED.get(), 100);
}

/// A thread to send signals to.
#[cfg(unix)]
struct Target(libc::pthread_t);

#[cfg(unix)]
// SAFETY: a thread's name may be used by any thread as long as the named one exists.
unsafe impl Sync for Target {}

#[cfg(unix)]
#[test]
fn an_atomic_counter_counts_in_a_signal_handler_that_interrupts_its_own_additions() {
    static SIGNALS: AtomicCounter = AtomicCounter::new();
    extern "C" fn count(_: libc::c_int) {
        SIGNALS.increment();
    }
    let handler: extern "C" fn(libc::c_int) = count;
    // SAFETY: the handler does one atomic addition.
    unsafe { libc::signal(libc::SIGUSR1, handler as libc::sighandler_t) };
    // SAFETY: it has no preconditions.
    let me = &Target(unsafe { libc::pthread_self() });
    std::thread::scope(|scope| {
        let sender = scope.spawn(move || {
            for sent in 1..=200 {
                // SAFETY: `me` waits for this thread.
                unsafe { libc::pthread_kill(me.0, libc::SIGUSR1) };
                // Signals of one kind do not queue: wait until this one was counted.
                while SIGNALS.get() % 1_000_000 < sent {
                    std::thread::yield_now();
                }
            }
        });
        let mut own = 0;
        while !sender.is_finished() {
            SIGNALS.add(1_000_000);
            own += 1;
        }
        assert_eq!(SIGNALS.get(), own * 1_000_000 + 200);
    });
}
