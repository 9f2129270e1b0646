//! The addition is locked. Why do two clients still get the same number?
//!
//! Because the number is read after the lock was released. Each of the two steps is right, and
//! between them another request adds: then both read its number, and nobody gets the one before.
//! So a number must come from the operation that adds. That is `FetchAdd`: an operation that adds
//! and hands out the number in one step.
//!
//! Three requests: the first is answered; the second has added and is not answered yet when the
//! third comes and goes. Channels force this schedule, so the output never varies.
//!
//! Run it: `cargo run --release --example 03_read_outside_the_lock`
//!
//! It prints the numbers in the order in which the answers went out:
//! ```text
//! wrong, add under the lock, read after it   [1, 3, 3]: 3 is given twice, 2 to nobody
//! wrong, increment() and then get()          [1, 3, 3]: 3 is given twice, 2 to nobody
//! right, increment_and_get()                 [1, 3, 2]: each number once
//! ```

use std::sync::{Mutex, mpsc};
use std::thread;

use hotcount::{AtomicCounter, Counter, FetchAdd, LockedCounter};

/// A request handler. It calls `pause` after its addition, where any other thread may run.
type Handler<C> = fn(&C, pause: &dyn Fn()) -> u64;

fn wrong_handler(count: &Mutex<u64>, pause: &dyn Fn()) -> u64 {
    *count.lock().unwrap() += 1; // locked, and unlocked at the end of the statement
    pause();
    *count.lock().unwrap()
}

/// No counter can make this right, whatever it is made of.
fn wrong_with_any_counter(count: &AtomicCounter, pause: &dyn Fn()) -> u64 {
    count.increment();
    pause();
    count.get()
}

/// Takes every counter that can hand out the number. A `ShardedCounter` cannot, and the compiler
/// says so when it is passed here:
/// ```text
/// error[E0277]: the trait bound `ShardedCounter: FetchAdd` is not satisfied
/// ```
fn right_handler<C: FetchAdd>(count: &C, pause: &dyn Fn()) -> u64 {
    let number = count.increment_and_get();
    pause();
    number
}

/// Returns the answers to three requests in the order in which they went out.
fn three_requests<C: Sync>(count: &C, handle: Handler<C>) -> [u64; 3] {
    let first = handle(count, &|| ());
    let (has_added, wait_for_the_addition) = mpsc::channel();
    let (go_on, wait_for_the_third) = mpsc::channel();
    thread::scope(|scope| {
        let second = scope.spawn(move || {
            handle(count, &|| {
                has_added.send(()).unwrap();
                wait_for_the_third.recv().unwrap();
            })
        });
        wait_for_the_addition.recv().unwrap();
        let third = handle(count, &|| ());
        go_on.send(()).unwrap();
        [first, third, second.join().unwrap()]
    })
}

fn main() {
    let answers = three_requests(&Mutex::new(0), wrong_handler);
    assert_eq!(answers, [1, 3, 3]);
    println!(
        "wrong, add under the lock, read after it   {answers:?}: 3 is given twice, 2 to nobody"
    );

    let answers = three_requests(&AtomicCounter::new(), wrong_with_any_counter);
    assert_eq!(answers, [1, 3, 3]);
    println!(
        "wrong, increment() and then get()          {answers:?}: 3 is given twice, 2 to nobody"
    );

    let answers = three_requests(&LockedCounter::new(), right_handler);
    assert_eq!(answers, [1, 3, 2]);
    println!("right, increment_and_get()                 {answers:?}: each number once");
}
