//! May a count be a signal: "all 4 workers are done, so read their results"?
//!
//! Only if the counter promises that who counts an addition also sees what was written before it.
//! Neither compilers nor processors keep the order of memory accesses for other threads unless they
//! are told to. `Relaxed` does not tell them; `Release` on the addition and `Acquire` on the read
//! do. The addition is then *published*. Every counter of this crate is.
//!
//! With `Relaxed` an ordinary PC (x86-64) still shows the right results: this processor happens to
//! keep the order. A phone need not, nor the next compiler. So the wrong one is run by loom, which
//! runs a small program under every order that the language allows.
//!
//! Run it: `cargo run --release --example 08_signals`
//!
//! It prints:
//! ```text
//! 4 workers are counted, their results are [1, 4, 9, 16]
//!
//! One thread writes a result and adds 1 to a count. What another may read, count first:
//!   count  result   wrong, Relaxed   right, Release and Acquire
//!       0       0   possible         possible
//!       0      42   possible         possible
//!       1       0   POSSIBLE         never
//!       1      42   possible         possible
//! ```

use std::collections::BTreeSet;
use std::sync::atomic::{
    AtomicU64,
    Ordering::{self, Acquire, Relaxed, Release},
};
use std::sync::{Arc, Mutex};
use std::thread;

use hotcount::{Counter, ShardedCounter};

/// The results are written and read with `Relaxed`: only the count orders them.
fn results_of_4_workers() -> [u64; 4] {
    let (results, done) = ([const { AtomicU64::new(0) }; 4], ShardedCounter::new());
    thread::scope(|scope| {
        for (n, result) in (1..).zip(&results) {
            let done = &done;
            scope.spawn(move || {
                result.store(n * n, Relaxed);
                done.increment();
            });
        }
        while done.get() < 4 {
            thread::yield_now();
        }
        results.each_ref().map(|result| result.load(Relaxed))
    })
}

/// Returns every (count, result) that the language allows a reader to see, as loom finds them. Its
/// atomics and threads stand in for the real ones.
fn allowed(add: Ordering, get: Ordering) -> BTreeSet<(u64, u64)> {
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    let all_seen = seen.clone();
    loom::model(move || {
        let zero = || Arc::new(loom::sync::atomic::AtomicU64::new(0));
        let (result, count) = (zero(), zero());
        let (their_result, their_count) = (result.clone(), count.clone());
        loom::thread::spawn(move || {
            their_result.store(42, Relaxed);
            their_count.fetch_add(1, add);
        });
        let read = (count.load(get), result.load(Relaxed));
        seen.lock().unwrap().insert(read);
    });
    std::mem::take(&mut all_seen.lock().unwrap())
}

fn main() {
    let results = results_of_4_workers();
    assert_eq!(results, [1, 4, 9, 16]);
    println!("4 workers are counted, their results are {results:?}");

    let (wrong, right) = (allowed(Relaxed, Relaxed), allowed(Release, Acquire));
    assert_eq!(wrong, [(0, 0), (0, 42), (1, 0), (1, 42)].into());
    assert_eq!(right, [(0, 0), (0, 42), (1, 42)].into());
    println!(
        "\nOne thread writes a result and adds 1 to a count. What another may read, count first:"
    );
    println!("  count  result   wrong, Relaxed   right, Release and Acquire");
    for read @ (count, result) in [(0, 0), (0, 42), (1, 0), (1, 42)] {
        let possible = if read == (1, 0) { "POSSIBLE" } else { "possible" };
        let [wrong, right] = [&wrong, &right]
            .map(|allowed| if allowed.contains(&read) { possible } else { "never" });
        println!("  {count:5}  {result:6}   {wrong:14}   {right}");
    }
}
