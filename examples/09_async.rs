//! One thread, no parallelism: is an async handler safe from all this?
//!
//! At every `.await` the thread may go on with another task. Three requests run on one thread here.
//! Each one adds to a count, awaits the log, and answers with a number.
//!
//! Predict first: which numbers do the three requests answer if the number is read after the
//! `.await`? Does it help to lock the addition and to lock the read?
//!
//! What to write instead: take the number from the operation that adds, and keep critical sections
//! free of `.await`. `LockedCounter::with` takes a closure, in which an `.await` does not compile.
//!
//! Run it: `cargo run --release --example 09_async`
//!
//! What it prints stands at the end of this file, so that you can predict it first.

use std::sync::Mutex;

use hotcount::{AtomicCounter, Counter, FetchAdd, LockedCounter};
use tokio::task::yield_now;

/// Stands for anything that takes time, such as a query. Another task goes on meanwhile.
async fn write_to_the_log() {
    yield_now().await;
}

async fn wrong(count: &AtomicCounter) -> u64 {
    count.increment();
    write_to_the_log().await;
    count.get()
}

async fn wrong_with_a_lock(count: &Mutex<u64>) -> u64 {
    *count.lock().unwrap() += 1;
    write_to_the_log().await;
    *count.lock().unwrap()
}

async fn right(count: &AtomicCounter) -> u64 {
    let number = count.increment_and_get();
    write_to_the_log().await;
    number
}

/// Both steps are under one lock, which is released before the `.await`.
async fn right_with_a_lock(count: &LockedCounter) -> u64 {
    let number = count.with(|held| {
        held.add(1);
        held.get()
    });
    write_to_the_log().await;
    number
}

/// Two of these on one thread wait for each other forever, so nothing calls it: the second one
/// blocks the thread that the first one needs to go on. `tokio::spawn` does not take it:
/// ```text
/// error: future cannot be sent between threads safely
///    = help: within `impl Future<Output = u64>`, the trait `Send` is not implemented for
///      `std::sync::MutexGuard<'_, u64>`
/// ```
#[allow(dead_code, clippy::await_holding_lock)]
async fn holds_the_lock_over_await(count: &Mutex<u64>) -> u64 {
    let mut held = count.lock().unwrap();
    *held += 1;
    write_to_the_log().await;
    *held
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let count = AtomicCounter::new();
    let numbers = tokio::join!(wrong(&count), wrong(&count), wrong(&count));
    assert_eq!(numbers, (3, 3, 3));
    println!("wrong, increment, .await, get         {numbers:?}");

    let count = Mutex::new(0);
    let request = || wrong_with_a_lock(&count);
    let numbers = tokio::join!(request(), request(), request());
    assert_eq!(numbers, (3, 3, 3));
    println!("wrong, locked twice, .await between   {numbers:?}");

    let count = AtomicCounter::new();
    let numbers = tokio::join!(right(&count), right(&count), right(&count));
    assert_eq!(numbers, (1, 2, 3));
    println!("right, increment_and_get, .await      {numbers:?}");

    let count = LockedCounter::new();
    let request = || right_with_a_lock(&count);
    let numbers = tokio::join!(request(), request(), request());
    assert_eq!(numbers, (1, 2, 3));
    println!("right, with, then .await              {numbers:?}");
}

// It prints the numbers of the three requests:
// ```text
// wrong, increment, .await, get         (3, 3, 3)
// wrong, locked twice, .await between   (3, 3, 3)
// right, increment_and_get, .await      (1, 2, 3)
// right, with, then .await              (1, 2, 3)
// ```
