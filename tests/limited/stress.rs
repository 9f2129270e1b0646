use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

use hotcount::LimitedCounter;

const THREADS: u64 = 4;
/// Of all threads together; 10,000,000 with optimization.
const OPERATIONS: u64 = if cfg!(debug_assertions) { 400_000 } else { 10_000_000 };

/// A counter, and what the threads know to be out: never more than is out in truth.
struct Checked {
    counter: LimitedCounter,
    limit: u64,
    known: AtomicU64,
}

impl Checked {
    fn knows(&self, n: u64) {
        let before = self.known.fetch_add(n, Relaxed);
        assert!(before + n <= self.limit, "{before} and {n} are out, of {}", self.limit);
    }

    fn forgets(&self, n: u64) {
        self.known.fetch_sub(n, Relaxed);
    }

    /// Adds, subtracts and changes at random, and returns what the thread has at the end.
    fn work(&self, seed: u64) -> u64 {
        let mut random = seed;
        let mut held = 0_u64;
        for _ in 0..OPERATIONS / THREADS {
            // Knuth's linear congruential generator; its high bits are the random ones.
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let n = 1 + (random >> 33) % self.limit.min(5);
            match random >> 62 {
                0 => {
                    self.forgets(held.saturating_sub(n));
                    let granted = self.counter.try_change(n, held);
                    assert!(granted || n > held, "a change that shrinks is granted");
                    if granted {
                        self.knows(n.saturating_sub(held));
                        held = n;
                    }
                }
                1 if held >= n => {
                    self.forgets(n);
                    self.counter.sub(n);
                    held -= n;
                }
                _ => {
                    if self.counter.try_add(n) {
                        self.knows(n);
                        held += n;
                    }
                }
            }
        }
        held
    }
}

fn the_bound_holds_and_no_unit_is_lost(limit: u64) {
    let counter = LimitedCounter::new(limit);
    let checked = &Checked { counter, limit, known: AtomicU64::new(0) };
    let held: u64 = thread::scope(|scope| {
        let threads: Vec<_> =
            (1..=THREADS).map(|seed| scope.spawn(move || checked.work(seed))).collect();
        threads.into_iter().map(|thread| thread.join().expect("the bound holds")).sum()
    });
    assert_eq!(checked.counter.get(), held);
    assert!(checked.counter.try_add(limit - held), "a unit is lost");
    assert!(!checked.counter.try_add(1), "a unit came from nowhere");
}

#[test]
fn the_bound_holds_at_a_limit_of_1() {
    the_bound_holds_and_no_unit_is_lost(1);
}

#[test]
fn the_bound_holds_at_a_limit_of_2() {
    the_bound_holds_and_no_unit_is_lost(2);
}

#[test]
fn the_bound_holds_at_a_limit_of_100() {
    the_bound_holds_and_no_unit_is_lost(100);
}

#[test]
fn the_bound_holds_at_a_limit_of_a_billion() {
    the_bound_holds_and_no_unit_is_lost(1_000_000_000);
}

/// Threads take and give back and end, wherever their credit is. Each round leaves one unit free,
/// and the counter is quiet when it is wanted.
#[test]
fn a_quiet_counter_with_one_free_unit_never_refuses() {
    for limit in [1, 2, 100, 1_000, 1_000_000] {
        let counter = &LimitedCounter::new(limit);
        for _ in 0..100 {
            thread::scope(|scope| {
                let churn = || {
                    for _ in 0..20 {
                        if counter.try_add(1) {
                            counter.sub(1);
                        }
                    }
                };
                let threads = [(); 3].map(|()| scope.spawn(churn));
                threads.into_iter().for_each(|thread| thread.join().expect("it ends"));
            });
            assert!(counter.try_add(limit - 1));
            assert!(counter.try_add(1), "one of {limit} was free");
            assert!(!counter.try_add(1));
            counter.sub(limit);
        }
    }
}
