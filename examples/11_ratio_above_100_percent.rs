//! Both counters are right. Why does the ratio of the two read as 155 %?
//!
//! A service counts all requests and failed ones. Of 100 requests, 5 have failed. Then a reader reads
//! both counts, and while it is between its two reads, another 150 requests fail. Channels force this
//! schedule, so the output does not vary. The last version has one `CounterGroup` for both counts.
//!
//! Predict first: which ratio does the reader see if it reads all requests first? Which one if it
//! reads the failed ones first? Is one of the two orders right?
//!
//! Run it: `cargo run --release --example 11_ratio_above_100_percent`

use std::sync::mpsc;
use std::thread;

use hotcount::{Counter, CounterGroup, ShardedCounter};

/// What a service counts of its requests.
trait Requests: Default + Sync {
    fn count(&self, failed: bool);

    /// Returns the number of all requests and of failed ones. It calls `pause` wherever any other
    /// thread may run.
    fn read(&self, order: Order, pause: &dyn Fn()) -> [u64; 2];
}

#[derive(Clone, Copy)]
enum Order {
    AllFirst,
    FailedFirst,
}

#[derive(Default)]
struct TwoCounters {
    all: ShardedCounter,
    failed: ShardedCounter,
}

impl Requests for TwoCounters {
    fn count(&self, failed: bool) {
        self.all.increment();
        self.failed.add(u64::from(failed));
    }

    fn read(&self, order: Order, pause: &dyn Fn()) -> [u64; 2] {
        match order {
            Order::AllFirst => {
                let all = self.all.get();
                pause();
                [all, self.failed.get()]
            }
            Order::FailedFirst => {
                let failed = self.failed.get();
                pause();
                [self.all.get(), failed]
            }
        }
    }
}

impl Requests for CounterGroup<2> {
    fn count(&self, failed: bool) {
        self.add([1, u64::from(failed)]);
    }

    fn read(&self, _: Order, pause: &dyn Fn()) -> [u64; 2] {
        let counts = self.get(); // both at once
        pause();
        counts
    }
}

/// Returns what is read while 150 requests fail, and what is read afterwards.
fn outage<R: Requests>(order: Order) -> [[u64; 2]; 2] {
    let requests = R::default();
    (0..100).for_each(|i| requests.count(i < 5));
    let (is_between, wait_for_the_reader) = mpsc::channel();
    let (have_failed, wait_for_the_failures) = mpsc::channel();
    thread::scope(|scope| {
        let requests = &requests;
        scope.spawn(move || {
            wait_for_the_reader.recv().unwrap();
            (0..150).for_each(|_| requests.count(true));
            have_failed.send(()).unwrap();
        });
        let beside = requests.read(order, &|| {
            is_between.send(()).unwrap();
            wait_for_the_failures.recv().unwrap();
        });
        [beside, requests.read(order, &|| ())]
    })
}

fn print(name: &str, [all, failed]: [u64; 2]) {
    println!("{name:<28} {failed:>3} of {all} failed: {:>3} %", failed * 100 / all);
}

/// Returns the number of reads beside two threads that count, and how many of them were impossible.
fn reads_of_a_group() -> (u64, u64) {
    let requests = CounterGroup::<2>::new();
    let (mut reads, mut impossible) = (0, 0);
    thread::scope(|scope| {
        let count = || (0..500_000).for_each(|i| requests.count(i % 3 > 0));
        let counting = [scope.spawn(count), scope.spawn(count)];
        while counting.iter().any(|thread| !thread.is_finished()) {
            let [all, failed] = requests.get();
            reads += 1;
            impossible += u64::from(failed > all);
        }
    });
    (reads, impossible)
}

fn main() {
    let [beside, afterwards] = outage::<TwoCounters>(Order::AllFirst);
    assert_eq!((beside, afterwards), ([100, 155], [250, 155]));
    print("wrong, all and then failed", beside);

    let [beside, afterwards] = outage::<TwoCounters>(Order::FailedFirst);
    assert_eq!((beside, afterwards), ([250, 5], [250, 155]));
    print("wrong, failed and then all", beside);

    let [beside, afterwards] = outage::<CounterGroup<2>>(Order::AllFirst);
    assert_eq!((beside, afterwards), ([100, 5], [250, 155]));
    print("right, a group", beside);
    print("right, the group afterwards", afterwards);

    let (reads, impossible) = reads_of_a_group();
    assert_eq!(impossible, 0);
    println!("0 of {reads} reads beside two threads showed more failed requests than requests.");
}

// It prints:
// ```text
// wrong, all and then failed   155 of 100 failed: 155 %
// wrong, failed and then all     5 of 250 failed:   2 %
// right, a group                 5 of 100 failed:   5 %
// right, the group afterwards  155 of 250 failed:  62 %
// 0 of … reads beside two threads showed more failed requests than requests.
// ```
