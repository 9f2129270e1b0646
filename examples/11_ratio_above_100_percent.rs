//! Both counters are right. Why does the ratio of the two read as 155 %?
//!
//! A service counts all requests and failed ones. Of 100 requests, 5 have failed. Then a reader reads
//! both counts. Between its two reads, another 150 requests fail. The program forces this schedule, so
//! these lines never vary. The last version has one `CounterGroup` for both counts.
//!
//! Predict first: which ratio does the reader see if it reads all requests first? Which one if it
//! reads the failed ones first? Is one of the two orders right?
//!
//! Run it: `cargo run --release --example 11_ratio_above_100_percent`
//!
//! What it prints stands at the end of this file, so that you can predict it first.

use std::thread;

use hotcount::{Counter, CounterGroup, ShardedCounter};

#[derive(Default)]
struct TwoCounters {
    all: ShardedCounter,
    failed: ShardedCounter,
}

impl TwoCounters {
    fn count(&self, failed: bool) {
        self.all.increment();
        self.failed.add(u64::from(failed));
    }

    /// Calls `pause` where any other thread may run.
    fn read_all_first(&self, pause: impl Fn()) -> [u64; 2] {
        let all = self.all.get();
        pause();
        let failed = self.failed.get();
        [all, failed]
    }

    fn read_failed_first(&self, pause: impl Fn()) -> [u64; 2] {
        let failed = self.failed.get();
        pause();
        let all = self.all.get();
        [all, failed]
    }
}

/// Counts 100 requests, of which 5 have failed.
fn ordinary_day(count: impl Fn(bool)) {
    for i in 0..100 {
        count(i < 5);
    }
}

/// Another thread counts 150 failed requests, and ends.
fn outage(count: impl Fn(bool) + Sync) {
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..150 {
                count(true);
            }
        });
    });
}

fn print(name: &str, [all, failed]: [u64; 2]) {
    println!("{name:<28} {failed:>3} of {all} failed: {:>3} %", failed * 100 / all);
}

/// Reads while two threads count. Returns the number of reads, and how many of them were impossible.
fn read_while_two_threads_count() -> (u64, u64) {
    let requests = CounterGroup::<2>::new();
    let (mut reads, mut impossible) = (0, 0);
    thread::scope(|scope| {
        let count = || {
            for i in 0..500_000 {
                requests.add([1, u64::from(i % 3 > 0)]);
            }
        };
        let (one, other) = (scope.spawn(count), scope.spawn(count));
        while !one.is_finished() || !other.is_finished() {
            let [all, failed] = requests.get();
            reads += 1;
            if failed > all {
                impossible += 1;
            }
        }
    });
    (reads, impossible)
}

fn main() {
    let requests = TwoCounters::default();
    ordinary_day(|failed| requests.count(failed));
    let read = requests.read_all_first(|| outage(|failed| requests.count(failed)));
    assert_eq!(read, [100, 155]);
    print("wrong, all and then failed", read);

    let requests = TwoCounters::default();
    ordinary_day(|failed| requests.count(failed));
    let read = requests.read_failed_first(|| outage(|failed| requests.count(failed)));
    assert_eq!(read, [250, 5]);
    print("wrong, failed and then all", read);

    let requests = CounterGroup::<2>::new();
    let count = |failed| requests.add([1, u64::from(failed)]);
    ordinary_day(count);
    let read = requests.get(); // both at once, so there is no place for a pause
    outage(count);
    assert_eq!((read, requests.get()), ([100, 5], [250, 155]));
    print("right, a group", read);
    print("right, the group afterwards", requests.get());

    let (reads, impossible) = read_while_two_threads_count();
    assert_eq!(impossible, 0);
    println!(
        "0 of {reads} reads while two threads counted showed more failed requests than requests."
    );
}

// It prints:
// ```text
// wrong, all and then failed   155 of 100 failed: 155 %
// wrong, failed and then all     5 of 250 failed:   2 %
// right, a group                 5 of 100 failed:   5 %
// right, the group afterwards  155 of 250 failed:  62 %
// 0 of … reads while two threads counted showed more failed requests than requests.
// ```
