//! The addition is locked. Why do two clients still get the same number?
//!
//! Three requests come in. The first one is answered. The second one has added, and waits before it
//! is answered. Meanwhile the third one comes and is answered. Channels force this schedule, so the
//! output never varies. Three ways to handle a request:
//!
//! - add under the lock, and read under the lock a moment later;
//! - `increment()`, and then `get()`;
//! - `increment_and_get()`: one operation adds and returns the number.
//!
//! Predict first: the requests should get the numbers 1, 2 and 3. Which numbers does each way give,
//! in the order of the answers? Would a better lock help the first way?
//!
//! Run it: `cargo run --release --example 03_read_outside_the_lock`
//!
//! What it prints stands at the end of this file, so that you can predict it first.

use std::sync::{Mutex, mpsc};
use std::thread;

use hotcount::{AtomicCounter, Counter, FetchAdd, LockedCounter};

/// Calls `pause` where any other thread may run.
fn locked_twice(count: &Mutex<u64>, pause: &dyn Fn()) -> u64 {
    *count.lock().unwrap() += 1; // unlocked again at the end of the line
    pause();
    *count.lock().unwrap()
}

/// No counter can make this right.
fn increment_then_get(count: &AtomicCounter, pause: &dyn Fn()) -> u64 {
    count.increment();
    pause();
    count.get()
}

/// Takes any counter that can return the number. A `ShardedCounter` cannot, and passing one does
/// not compile:
/// ```text
/// error[E0277]: the trait bound `ShardedCounter: FetchAdd` is not satisfied
/// ```
fn one_operation<C: FetchAdd>(count: &C, pause: &dyn Fn()) -> u64 {
    let number = count.increment_and_get();
    pause();
    number
}

/// Returns the numbers of three requests, in the order of their answers.
fn three_requests<C: Sync>(count: &C, handle: fn(&C, &dyn Fn()) -> u64) -> [u64; 3] {
    let (second_has_added, wait_for_second) = mpsc::channel();
    let (third_is_answered, wait_for_third) = mpsc::channel();
    thread::scope(|scope| {
        let first = handle(count, &|| ());
        let second = scope.spawn(move || {
            handle(count, &|| {
                second_has_added.send(()).unwrap();
                wait_for_third.recv().unwrap();
            })
        });
        wait_for_second.recv().unwrap();
        let third = handle(count, &|| ());
        third_is_answered.send(()).unwrap();
        [first, third, second.join().unwrap()]
    })
}

fn main() {
    let numbers = three_requests(&Mutex::new(0), locked_twice);
    assert_eq!(numbers, [1, 3, 3]);
    println!("wrong, add under the lock, read after it   {numbers:?}: 3 is given twice, 2 never");

    let numbers = three_requests(&AtomicCounter::new(), increment_then_get);
    assert_eq!(numbers, [1, 3, 3]);
    println!("wrong, increment() and then get()          {numbers:?}: 3 is given twice, 2 never");

    let numbers = three_requests(&LockedCounter::new(), one_operation);
    assert_eq!(numbers, [1, 3, 2]);
    println!("right, increment_and_get()                 {numbers:?}: each number once");
}

// It prints the numbers in the order of the answers:
// ```text
// wrong, add under the lock, read after it   [1, 3, 3]: 3 is given twice, 2 never
// wrong, increment() and then get()          [1, 3, 3]: 3 is given twice, 2 never
// right, increment_and_get()                 [1, 3, 2]: each number once
// ```
