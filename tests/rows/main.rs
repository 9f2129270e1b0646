//! What the table holds after threads and counters came and went. These are the very files of
//! `src/`, so that the private table can be looked into. Each test has a process to itself.
// Some public items of `src` are not public here.
#![allow(missing_docs, dead_code, unreachable_pub)]

#[path = "../../src/counter.rs"]
mod counter;
#[path = "../../src/sharded/mod.rs"]
mod sharded;
#[path = "../../src/sync.rs"]
mod sync;

mod alone;
mod changing_hands;
mod memory;
mod rows;

use std::sync::{Arc, RwLock, mpsc};
use std::thread;
use std::time::Duration;

use counter::Counter;
use sharded::ShardedCounter;
use sharded::row::LENGTHS;
use sharded::table::table;
use sharded::this_thread;

const SHORT: usize = LENGTHS[0];
const LONGER: usize = LENGTHS[1];

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
    (0..=table().warm_up()).for_each(|_| counter.add(0));
}

/// Runs `work` on a new thread, to its very end.
fn run(work: impl FnOnce() + Send + 'static) {
    thread::spawn(work).join().expect("it counts");
}

/// Threads that all have a row before the first of them ends.
fn at_once(threads: usize, counter: &'static ShardedCounter) {
    let may_end = Arc::new(RwLock::new(()));
    let not_yet = may_end.write().expect("no thread panicked");
    let (has_a_row, have_rows) = mpsc::channel();
    let spawn = |_| {
        let (may_end, has_a_row) = (may_end.clone(), has_a_row.clone());
        thread::spawn(move || {
            // More than once: another thread may hold the lock.
            let takes_a_row = (0..10_000).any(|_| {
                counter.increment();
                this_thread::row().reaches(0) || {
                    thread::sleep(Duration::from_millis(1));
                    false
                }
            });
            has_a_row.send(takes_a_row).expect("the test waits");
            drop(may_end.read());
        })
    };
    let threads: Vec<_> = (0..threads).map(spawn).collect();
    for _ in &threads {
        let takes_a_row = have_rows.recv_timeout(Duration::from_secs(60));
        assert_eq!(takes_a_row, Ok(true), "each thread takes a row");
    }
    drop(not_yet);
    threads.into_iter().for_each(|thread| thread.join().expect("it counts"));
}
