//! Which totals may a reader see while others add?
//!
//! 1 was added before. Beside the read one thread adds 10 and another adds 100, so each digit tells
//! whether that addition was counted. What is under way may be counted or not. What was there before
//! must be counted, so the 1 may not be missing, and no digit may be 2: nothing is counted twice.
//!
//! The wrong counter keeps the newest addition apart and moves it into the total when the next one
//! comes. Whoever reads during the move misses it, or meets it in both places.
//!
//! A reader who needs to know how exact a read was takes `bounds()`: the total lay between the two
//! ends, and when they agree it is exact.
//!
//! Run it: `cargo run --release --example 06_reads_beside_adds`
//!
//! It prints; how often each total is seen varies, and what is allowed may be seen never:
//! ```text
//! how often each total was seen in reads beside additions:
//!   read  ShardedCounter  wrong counter
//!      1               …              …  allowed
//!     11               …              …  allowed
//!    101               …              …  allowed
//!    111               …              …  allowed
//!     10               0              …  forbidden: the 1 is missing
//!    100               0              …  forbidden: the 1 is missing
//!    110               0              …  forbidden: the 1 is missing
//!  other               0              …  forbidden: no such total
//! bounds() was exact in … of … reads beside additions
//! ```

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::thread;

use hotcount::{Counter, ShardedCounter};

#[derive(Default)]
struct WrongCounter {
    total: AtomicU64,
    newest: AtomicU64,
}

impl Counter for WrongCounter {
    fn add(&self, n: u64) {
        let before = self.newest.swap(n, SeqCst);
        thread::yield_now(); // lets another thread run, as it may at any time
        self.total.fetch_add(before, SeqCst);
    }

    fn get(&self) -> u64 {
        self.newest.load(SeqCst) + self.total.load(SeqCst)
    }
}

/// Lets other threads run, and now and then more of them, so that every order of steps comes up.
fn pause(varying: usize) {
    (0..varying % 3).for_each(|_| thread::yield_now());
}

/// Returns how often each total was seen; the last place is for those above 111.
fn totals_seen<C: Counter + Default>() -> [u64; 113] {
    let counters: Vec<C> = (0..10_000).map(|_| C::default()).collect();
    counters.iter().for_each(|counter| counter.add(1));
    // The two threads that add go from counter to counter together; so far they have come:
    let arrivals = AtomicUsize::new(0);
    let add = |n: usize| {
        for (place, counter) in counters.iter().enumerate() {
            pause(place / n);
            counter.add(n as u64);
            pause(place / n / 3);
            arrivals.fetch_add(1, SeqCst);
            while arrivals.load(SeqCst) < 2 * (place + 1) {
                thread::yield_now();
            }
        }
    };
    let mut seen = [0; 113];
    thread::scope(|scope| {
        scope.spawn(|| add(10));
        scope.spawn(|| add(100));
        while let Some(counter) = counters.get(arrivals.load(SeqCst) / 2) {
            seen[counter.get().min(112) as usize] += 1;
            thread::yield_now();
        }
    });
    seen
}

/// Returns how often the two ends of `bounds()` agreed, of how many times.
fn exact_bounds() -> (u32, u32) {
    let (counter, mut exact, mut reads) = (ShardedCounter::new(), 0, 0);
    thread::scope(|scope| {
        let adding = scope.spawn(|| (0..300_000).for_each(|_| counter.increment()));
        while !adding.is_finished() {
            let before = counter.get();
            let (low, high) = counter.bounds().into_inner();
            assert!(before <= low && low <= high && high <= counter.get());
            reads += 1;
            exact += u32::from(low == high);
        }
    });
    (exact, reads)
}

fn main() {
    println!("how often each total was seen in reads beside additions:");
    println!("  read  ShardedCounter  wrong counter");
    let (right, wrong) = (totals_seen::<ShardedCounter>(), totals_seen::<WrongCounter>());
    let mut others = (right.iter().sum::<u64>(), wrong.iter().sum::<u64>());
    for total in [1, 11, 101, 111, 10, 100, 110] {
        let (right, wrong) = (right[total], wrong[total]);
        let allowed = total % 10 == 1;
        assert!(allowed || right == 0);
        let verdict = if allowed { "allowed" } else { "forbidden: the 1 is missing" };
        println!("{total:6}{right:16}{wrong:15}  {verdict}");
        others = (others.0 - right, others.1 - wrong);
    }
    assert_eq!(others.0, 0);
    println!(" other{:16}{:15}  forbidden: no such total", others.0, others.1);
    let (exact, reads) = exact_bounds();
    println!("bounds() was exact in {exact} of {reads} reads beside additions");
}
