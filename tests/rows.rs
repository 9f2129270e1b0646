//! What the table holds after threads and counters came and went. These are the very files of
//! `src/`, so that the private table can be looked into. Each test has a process to itself.
// Some public items of `src` are not public here.
#![allow(missing_docs, dead_code, unreachable_pub)]

#[path = "../src/counter.rs"]
mod counter;
#[path = "../src/sharded/mod.rs"]
mod sharded;
#[path = "../src/sync.rs"]
mod sync;

use std::alloc::{GlobalAlloc, Layout, System};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Barrier, Mutex};
use std::{env, process, thread};

use counter::Counter;
use sharded::ShardedCounter;
use sharded::row::LENGTHS;
use sharded::table::table;
use sharded::this_thread::{self, SlowPath};

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

/// Runs `test` in a process of its own, which has a table of its own.
fn alone(name: &str, test: fn()) {
    if env::var_os("ALONE").is_some() {
        return test();
    }
    let output = Command::new(env::current_exe().expect("a test is a program"))
        .args([name, "--exact", "--nocapture"])
        .env("ALONE", "1")
        .output()
        .expect("it starts");
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}{errors}");
}

/// Tests that look at the whole table.
macro_rules! alone {
    ($($(#[doc = $doc:literal])+ fn $name:ident() $body:block)*) => {$(
        $(#[doc = $doc])+
        #[test]
        fn $name() {
            alone(stringify!($name), || $body);
        }
    )*};
}

/// The length of each row, in cells.
fn rows() -> Vec<usize> {
    let mut lengths = Vec::new();
    table().for_each_row(|row| lengths.push(row.len()));
    lengths
}

/// A counter that has a column.
fn warm() -> ShardedCounter {
    let counter = ShardedCounter::new();
    make_warm(&counter);
    counter
}

/// Adds zeros until the counter has its column.
fn make_warm(counter: &ShardedCounter) {
    (0..=sync::warm_up(rows().len())).for_each(|_| counter.add(0));
}

/// Runs `work` on a new thread, to its very end.
fn run(work: impl FnOnce() + Send + 'static) {
    thread::spawn(work).join().expect("it counts");
}

/// Threads that all have counted before the first of them ends; `beside` runs when all have.
fn at_once(threads: usize, counter: &'static ShardedCounter, beside: impl FnOnce()) {
    let barrier = Arc::new(Barrier::new(threads + 1));
    let spawn = |_| {
        let barrier = barrier.clone();
        thread::spawn(move || {
            // Until the thread has a row: another may hold the lock.
            while !this_thread::row().reaches(0) {
                counter.increment();
            }
            barrier.wait(); // all have counted
            barrier.wait(); // it is done beside them
        })
    };
    let threads: Vec<_> = (0..threads).map(spawn).collect();
    barrier.wait();
    beside();
    barrier.wait();
    threads.into_iter().for_each(|thread| thread.join().expect("it counts"));
}

/// A thread-local whose destructor notes whether its thread still has a row.
struct LooksAtTheEnd;

static HAD_A_ROW: Mutex<Vec<bool>> = Mutex::new(Vec::new());

impl Drop for LooksAtTheEnd {
    fn drop(&mut self) {
        HAD_A_ROW.lock().expect("no test panicked").push(this_thread::row().reaches(0));
    }
}

thread_local! {
    static MADE_BEFORE: LooksAtTheEnd = const { LooksAtTheEnd };
    static MADE_AFTER: LooksAtTheEnd = const { LooksAtTheEnd };
}

const SHORT: usize = LENGTHS[0];
const LONGER: usize = LENGTHS[1];

alone! {
    /// Neither a read nor the first additions to a counter need a row or a column.
    fn reads_and_first_additions_make_no_row() {
        let counter = ShardedCounter::new();
        (0..sync::warm_up(rows().len())).for_each(|_| counter.increment());
        assert_eq!((counter.get(), rows()), (16, vec![]));
        counter.increment();
        assert_eq!((counter.get(), rows()), (17, vec![SHORT]));
    }

    /// One thread at a time, one row; fifty at once, fifty rows.
    fn there_are_as_many_rows_as_threads_that_counted_at_once() {
        static COUNTER: ShardedCounter = ShardedCounter::new();
        run(|| make_warm(&COUNTER));
        (0..1_000).for_each(|_| run(|| COUNTER.increment()));
        assert_eq!((COUNTER.get(), rows()), (1_000, vec![SHORT]));
        (0..20).for_each(|_| at_once(50, &COUNTER, || ()));
        assert_eq!(rows(), [SHORT; 50]);
    }

    /// A thousand counters after one another need one column.
    fn a_column_is_reused() {
        for _ in 0..1_000 {
            let counter = warm();
            counter.add(7);
            assert_eq!(counter.get(), 7);
        }
        let columns: Vec<_> = (0..SHORT).map(|_| warm()).collect();
        assert_eq!(rows(), [SHORT], "the columns of one short row were enough");
        drop(columns);
    }

    /// A thread takes a longer row when it needs one, and leaves the short one to the next thread.
    fn a_row_that_was_outgrown_is_reused() {
        let counters: Arc<Vec<_>> = Arc::new((0..=SHORT).map(|_| warm()).collect());
        assert_eq!(rows(), [SHORT, LONGER]);
        let theirs = counters.clone();
        run(move || theirs[0].increment());
        assert_eq!(rows(), [SHORT, LONGER], "the short row suffices for the first column");
        run(move || counters[SHORT].increment());
        assert_eq!(rows(), [SHORT, LONGER, LONGER], "the first thread still has the long one");
    }

    /// A thread's row is kept when it reaches the column.
    fn a_row_never_gets_shorter() {
        let many: Vec<_> = (0..=SHORT).map(|_| warm()).collect();
        assert!(this_thread::row().reaches(SHORT));
        for counter in &many {
            counter.increment();
            warm().increment();
            assert!(this_thread::row().reaches(SHORT));
        }
    }

    /// Columns of low classes go out first, whatever was given back last.
    fn rows_stay_short_after_many_counters() {
        let counters: Vec<_> = (0..20_000).map(|_| warm()).collect();
        drop(counters);
        let few: Vec<_> = (0..SHORT).map(|_| warm()).collect();
        run(move || few.iter().for_each(ShardedCounter::increment));
        let lengths = &LENGTHS[..5];
        assert_eq!(rows(), lengths, "the new thread took the shortest row");
    }

    /// A row that is made late reaches all columns at once.
    fn a_new_row_reaches_all_columns() {
        static FIRST: ShardedCounter = ShardedCounter::new();
        make_warm(&FIRST);
        let many: Vec<_> = (0..LONGER / 2).map(|_| warm()).collect();
        at_once(2, &FIRST, || ());
        assert_eq!(rows(), [SHORT, LONGER, LONGER]);
        drop(many);
    }

    /// Of two destructors of thread-locals, one runs before the row is given back and one after.
    fn a_thread_gives_its_row_back_as_it_ends() {
        run(|| {
            MADE_BEFORE.with(|_| ());
            let _counter = warm();
            assert!(this_thread::row().reaches(0));
            MADE_AFTER.with(|_| ());
        });
        let mut had_a_row = HAD_A_ROW.lock().expect("no thread panicked");
        had_a_row.sort_unstable();
        assert_eq!(*had_a_row, [false, true]);
    }

    /// A row and a column that are given back while another thread has the lock are there for the
    /// next.
    fn a_held_lock_loses_no_row_and_no_column() {
        static COUNTER: ShardedCounter = ShardedCounter::new();
        make_warm(&COUNTER);
        run(|| COUNTER.increment());
        let fill = || (0..SHORT - 1).map(|_| warm()).collect::<Vec<_>>();
        let (counters, barrier) = (fill(), Barrier::new(2));
        assert_eq!(rows(), [SHORT; 2]);
        thread::scope(|scope| {
            let ends = scope.spawn(|| {
                COUNTER.increment();
                barrier.wait();
                barrier.wait();
            });
            barrier.wait();
            let lock = table().try_lock().expect("no other thread takes a row now");
            barrier.wait();
            ends.join().expect("it ends");
            drop(counters);
            drop(lock);
        });
        let counters = fill();
        run(move || counters.iter().for_each(ShardedCounter::increment));
        assert_eq!(rows(), [SHORT; 2]);
        assert_eq!(COUNTER.get(), 2);
    }

    /// An allocator that counts is called while a row is made, and finds the slow path taken.
    fn the_thread_is_marked_while_it_makes_a_row() {
        let before = (ZEROED.load(Relaxed), UNMARKED.load(Relaxed));
        drop(warm());
        let after = (ZEROED.load(Relaxed), UNMARKED.load(Relaxed));
        assert!(after.0 > before.0 && after.1 == before.1, "{before:?} {after:?}");
        assert!(SlowPath::enter().is_some(), "and it is left again");
    }

    /// The process is stopped and goes on, eight times, while threads and counters come and go.
    fn pauses_lose_no_row_and_no_column() {
        static COUNTER: ShardedCounter = ShardedCounter::new();
        static STOP: AtomicBool = AtomicBool::new(false);
        if cfg!(not(unix)) {
            println!("skipped: it needs signals");
            return;
        }
        make_warm(&COUNTER);
        let pauses = format!(
            "for i in 1 2 3 4 5 6 7 8; do kill -STOP {0}; sleep 0.2; kill -CONT {0}; sleep 0.05; done",
            process::id()
        );
        let mut pauses = Command::new("sh").args(["-c", &pauses]).spawn().expect("there is a shell");
        let churn = || {
            let mut rounds = 0;
            while !STOP.load(Relaxed) {
                run(|| {
                    drop(warm());
                    COUNTER.increment();
                });
                rounds += 1;
            }
            rounds
        };
        let threads = [(); 8].map(|()| thread::spawn(churn));
        assert!(pauses.wait().expect("it ends").success());
        STOP.store(true, Relaxed);
        let rounds: u64 = threads.into_iter().map(|thread| thread.join().expect("it counts")).sum();
        assert_eq!(COUNTER.get(), rounds);
        let rows = rows();
        assert!(rows.len() <= 9 && rows.iter().all(|&length| length == SHORT), "{rows:?}");
    }

    /// The row counts, not the counter's own word, whatever other threads take and give back.
    fn a_thread_with_a_row_adds_nothing_to_the_own_word() {
        static COUNTER: ShardedCounter = ShardedCounter::new();
        make_warm(&COUNTER);
        let in_the_word = COUNTER.own_word();
        thread::scope(|scope| {
            let busy = [(); 3].map(|()| scope.spawn(|| (0..200).for_each(|_| run(|| drop(warm())))));
            let mut added = 0;
            while added < 10_000 || !busy.iter().all(thread::ScopedJoinHandle::is_finished) {
                COUNTER.increment();
                added += 1;
            }
            assert_eq!((COUNTER.own_word(), COUNTER.get()), (in_the_word, added));
        });
    }

    /// Zeros are asked for twice the rows at most, and in blocks of 64 KiB at most.
    fn rows_lie_side_by_side_in_few_blocks() {
        static COUNTER: ShardedCounter = ShardedCounter::new();
        make_warm(&COUNTER);
        let before = ZEROED.load(Relaxed);
        at_once(1_100, &COUNTER, || ());
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
        at_once(30, &COUNTER, || ());
        table().for_each_row(|row| {
            let cells = row.addresses();
            assert!(cells.start % sync::LINE == 0 && cells.end % sync::LINE == 0);
        });
        if cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) {
            assert_eq!(sync::LINE, 128);
        }
        drop(many);
    }
}
