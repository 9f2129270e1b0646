//! Counters in code that runs unasked: in the global allocator and in signal handlers.
// A size fits in an `i64`.
#![allow(missing_docs, clippy::cast_possible_wrap)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::RefCell;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::thread;

use hotcount::{Counter, ShardedCounter, UpDownCounter};

static ALLOCATED: ShardedCounter = ShardedCounter::new();
static IN_USE: UpDownCounter = UpDownCounter::new();

/// The same two counts in atomic words, to compare with.
static ALLOCATED_EXACTLY: AtomicU64 = AtomicU64::new(0);
static IN_USE_EXACTLY: AtomicI64 = AtomicI64::new(0);

struct Counting;

// SAFETY: it is the system's allocator; counting does not panic.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let bytes = layout.size();
        ALLOCATED.add(bytes as u64);
        IN_USE.add(bytes as u64);
        ALLOCATED_EXACTLY.fetch_add(bytes as u64, Relaxed);
        IN_USE_EXACTLY.fetch_add(bytes as i64, Relaxed);
        // SAFETY: as the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        let bytes = layout.size();
        IN_USE.sub(bytes as u64);
        IN_USE_EXACTLY.fetch_sub(bytes as i64, Relaxed);
        // SAFETY: as the caller's.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocates when it is destroyed, with the thread's other locals.
struct AllocatesWhenDropped(RefCell<Vec<String>>);

impl Drop for AllocatesWhenDropped {
    fn drop(&mut self) {
        let copies: Vec<_> = self.0.borrow().iter().map(String::clone).collect();
        drop(std::hint::black_box(copies));
    }
}

thread_local! {
    static LATE: AllocatesWhenDropped = const { AllocatesWhenDropped(RefCell::new(Vec::new())) };
}

/// Both ways of counting agree. The test harness may be allocating in a thread of its own just now,
/// so this looks again; a byte that was lost would be missing for good.
fn assert_exact() {
    let mut seen = ((0, 0), (0, 0));
    for _ in 0..10_000 {
        let exactly = (ALLOCATED_EXACTLY.load(Relaxed), IN_USE_EXACTLY.load(Relaxed));
        seen = ((ALLOCATED.get(), IN_USE.get()), exactly);
        if seen.0 == seen.1 {
            return;
        }
        thread::yield_now();
    }
    assert_eq!(seen.0, seen.1);
}

#[test]
fn each_byte_is_counted_inside_the_global_allocator() {
    for _ in 0..20 {
        let threads: Vec<_> = (0..160)
            .map(|thread| {
                thread::spawn(move || {
                    LATE.with(|late| late.0.borrow_mut().push("late".repeat(thread)));
                    for length in 0..200 {
                        drop(Vec::<u8>::with_capacity(std::hint::black_box(length * thread)));
                        LATE.with(|late| late.0.borrow_mut().push("more".repeat(length / 10)));
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().expect("it allocates"));
        assert_exact();
    }
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
    static SIGNALS: hotcount::AtomicCounter = hotcount::AtomicCounter::new();
    extern "C" fn count(_: libc::c_int) {
        SIGNALS.increment();
    }
    let handler: extern "C" fn(libc::c_int) = count;
    // SAFETY: the handler does one atomic addition.
    unsafe { libc::signal(libc::SIGUSR1, handler as libc::sighandler_t) };
    // SAFETY: it has no preconditions.
    let me = &Target(unsafe { libc::pthread_self() });
    thread::scope(|scope| {
        let sender = scope.spawn(move || {
            for sent in 1..=200 {
                // SAFETY: `me` waits for this thread.
                unsafe { libc::pthread_kill(me.0, libc::SIGUSR1) };
                // Signals of one kind do not queue: wait until this one was counted.
                while SIGNALS.get() % 1_000_000 < sent {
                    thread::yield_now();
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
