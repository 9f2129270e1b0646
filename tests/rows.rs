//! What the table holds after threads and counters came and went. These are the very files of
//! `src/`, so that the private table can be looked into; the one test has the process to itself.
// Some public items of `src` are not public here.
#![allow(missing_docs, dead_code, unreachable_pub)]

#[path = "../src/counter.rs"]
mod counter;
#[path = "../src/sharded/mod.rs"]
mod sharded;
#[path = "../src/sync.rs"]
mod sync;

use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use counter::Counter;
use sharded::ShardedCounter;

/// The length of each row, in cells.
fn rows() -> Vec<usize> {
    sharded::table::table().rows().map(|row| row.cells.len()).collect()
}

/// How many rows no thread has.
fn idle_rows() -> usize {
    sharded::table::table().lock().idle_rows.len()
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
            counter.increment();
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

/// Looks, as it is destroyed, whether its thread still points to a row.
struct Last;

static HELD_A_ROW_AT_LAST: Mutex<Vec<bool>> = Mutex::new(Vec::new());

impl Drop for Last {
    fn drop(&mut self) {
        HELD_A_ROW_AT_LAST.lock().expect("nobody panicked").push(sharded::lease::row().reaches(0));
    }
}

thread_local! {
    static MADE_BEFORE: Last = const { Last };
    static MADE_AFTER: Last = const { Last };
}

const CELLS_IN_A_LINE: usize = sync::LINE / 8;

#[test]
fn the_table_grows_with_the_peaks_and_not_with_time() {
    static COUNTER: ShardedCounter = ShardedCounter::new();
    static YOUNGER: ShardedCounter = ShardedCounter::new();

    assert_eq!(COUNTER.get(), 0);
    assert_eq!(rows(), [], "who only reads gets no row");

    for _ in 0..1_000 {
        run(|| COUNTER.increment());
    }
    assert_eq!(rows(), [CELLS_IN_A_LINE], "one thread at a time, one row");

    (0..20).for_each(|_| at_once(50, &COUNTER, || assert_eq!(idle_rows(), 0)));
    assert_eq!(idle_rows(), 50, "who ends leaves its row");
    assert_eq!(rows(), [CELLS_IN_A_LINE; 50], "fifty threads at once, fifty rows");
    assert_eq!(COUNTER.get(), 2_000);

    let (go, wait) = mpsc::channel();
    let (told, tells) = mpsc::channel();
    let ending = thread::spawn(move || {
        COUNTER.increment();
        told.send(()).expect("the test waits");
        wait.recv().expect("the test says when");
    });
    tells.recv().expect("it counts");
    let busy = sharded::table::table().lock();
    go.send(()).expect("it waits");
    thread::sleep(Duration::from_millis(50)); // it meets the lock held as it ends
    drop(busy);
    ending.join().expect("it ends");
    assert_eq!(idle_rows(), 50, "who ends waits for a busy lock");

    for _ in 0..1_000 {
        run(|| {
            let counter = ShardedCounter::new();
            counter.add(7);
            assert_eq!(counter.get(), 7);
        });
    }
    assert_eq!(rows(), [CELLS_IN_A_LINE; 50], "columns are recycled, lowest first");

    run(|| {
        let counters: Vec<_> = (0..20_000).map(|_| ShardedCounter::new()).collect();
        counters.iter().for_each(ShardedCounter::increment);
        assert!(counters.iter().all(|counter| counter.get() == 1));
    });
    let doubled = (1..).map(|n| CELLS_IN_A_LINE << n).take_while(|&length| length < 2 * 20_001);
    let grown: Vec<_> = [CELLS_IN_A_LINE; 50].into_iter().chain(doubled).collect();
    assert_eq!(rows(), grown, "each row at least twice as long as the one before");

    run(|| {
        let counters: Vec<_> = (0..20_000).map(|_| ShardedCounter::new()).collect();
        counters.iter().for_each(ShardedCounter::increment);
        assert!(counters.iter().all(|counter| counter.get() == 1));
    });
    assert_eq!(rows(), grown, "the second time all is there already");

    at_once(50, &YOUNGER, || ());
    assert_eq!(rows(), grown, "the lowest column goes out first, so short rows do");

    assert_eq!(idle_rows(), grown.len(), "nobody is left, so every row is idle");

    let hundred = Arc::new([const { ShardedCounter::new() }; 100]);
    let theirs = hundred.clone();
    run(move || theirs.iter().for_each(ShardedCounter::increment));
    at_once(grown.len(), &COUNTER, || {
        assert_eq!((idle_rows(), rows().len()), (0, grown.len()));
        run(move || hundred.iter().for_each(ShardedCounter::increment));
        assert_eq!(
            rows()[grown.len()..],
            [128],
            "a new row reaches all columns in use, and no more"
        );
    });

    run(|| {
        MADE_BEFORE.with(|_| ());
        COUNTER.increment();
        assert!(sharded::lease::row().reaches(0));
        MADE_AFTER.with(|_| ());
    });
    let mut held = HELD_A_ROW_AT_LAST.lock().expect("nobody panicked");
    held.sort_unstable();
    assert_eq!(*held, [false, true], "one looked before the row was given back, one after");

    let starts_and_ends_a_line = |row: sharded::row::Row| {
        let cells = row.cells.as_ptr_range();
        cells.start.addr().is_multiple_of(sync::LINE) && cells.end.addr().is_multiple_of(sync::LINE)
    };
    assert!(sharded::table::table().rows().all(starts_and_ends_a_line), "no line has two owners");
    if cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) {
        assert_eq!(sync::LINE, 128);
    }
    assert_eq!(COUNTER.get(), 2_002 + grown.len() as u64);
}
