use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_utils::CachePadded;
use hotcount::Counter;

/// Runs `work(iterations)` on each of `threads` threads and returns the wall time divided by the
/// threads: the time for each of all iterations is what criterion then reports.
///
/// The threads are spawned, and have run `work` once, before the clock starts. They begin at one
/// barrier; the time is from the first start to the last end.
pub(crate) fn time(threads: usize, iterations: u64, work: impl Fn(u64) + Sync) -> Duration {
    let barrier = Barrier::new(threads);
    let span = Mutex::new(None::<(Instant, Instant)>);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                work(WARM_UP);
                barrier.wait();
                let start = Instant::now();
                work(iterations);
                let end = Instant::now();
                let mut span = span.lock().expect("nobody panicked");
                let (first, last) = span.unwrap_or((start, end));
                *span = Some((first.min(start), last.max(end)));
            });
        }
    });
    let (first, last) = span.into_inner().expect("nobody panicked").expect("a thread ran");
    (last - first) / u32::try_from(threads).expect("few threads")
}

/// Iterations of each thread before the clock starts.
pub(crate) const WARM_UP: u64 = 1_000;

/// Times increments, and asserts that the counter counted every one of them.
pub(crate) fn time_increments(counter: &impl Counter, threads: usize, iterations: u64) -> Duration {
    let before = counter.get();
    let time = time(threads, iterations, |n| (0..n).for_each(|_| counter.increment()));
    let total = threads as u64 * (WARM_UP + iterations);
    assert_eq!(counter.get(), before + total, "the counter lost or doubled an increment");
    time
}

/// The limit: each thread loads and stores a word that no other thread ever sees.
pub(crate) fn time_private_cells(threads: usize, iterations: u64) -> Duration {
    let sum = AtomicU64::new(0);
    let time = time(threads, iterations, |n| {
        let cell = CachePadded::new(AtomicU64::new(0));
        let cell = std::hint::black_box(&cell);
        (0..n).for_each(|_| cell.store(cell.load(Relaxed) + 1, Relaxed));
        sum.fetch_add(cell.load(Relaxed), Relaxed);
    });
    assert_eq!(sum.into_inner(), threads as u64 * (WARM_UP + iterations));
    time
}

/// 1 to 32 threads, or up to twice the cores where there are more.
pub(crate) fn thread_counts() -> Vec<usize> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut counts = vec![1, 2, 4, 8, 32];
    counts.extend((6..).map(|n| 1 << n).take_while(|&count| count <= 2 * cores));
    counts
}
