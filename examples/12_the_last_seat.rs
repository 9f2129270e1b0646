//! One seat is left and two customers ask for it. Why do both of them get it, or neither?
//!
//! 10 seats are for sale, and 9 are sold. Two customers come. The first one stops between its two
//! steps. Meanwhile the second one comes and goes. Channels force this schedule, so the output never
//! varies. Three ways to sell up to a limit:
//!
//! - check whether there is room, and then add;
//! - add, and put back what was too much;
//! - `try_add` of a `LimitedCounter`: one operation checks and adds.
//!
//! A `LimitedCounter` also goes down: a `Permit` gives its seats back when it is dropped.
//!
//! Predict first: both customers want one seat. What is each one told, and how many seats are sold?
//! And if the first customer wants two seats?
//!
//! Run it: `cargo run --release --example 12_the_last_seat`
//!
//! What it prints stands at the end of this file, so that you can predict it first.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::mpsc;
use std::thread;

use hotcount::{LimitedCounter, Permit};

const SEATS: u64 = 10;

/// Sells `n` seats, or none. Calls `pause` after its first step, where any other thread may run.
type Sell<S> = fn(sold: &S, n: u64, pause: &dyn Fn()) -> bool;

fn check_then_add(sold: &AtomicU64, n: u64, pause: &dyn Fn()) -> bool {
    let fits = sold.load(SeqCst) + n <= SEATS;
    pause();
    if fits {
        sold.fetch_add(n, SeqCst);
    }
    fits
}

fn add_and_put_back(sold: &AtomicU64, n: u64, pause: &dyn Fn()) -> bool {
    let fits = sold.fetch_add(n, SeqCst) + n <= SEATS;
    pause();
    if !fits {
        sold.fetch_sub(n, SeqCst);
    }
    fits
}

fn right(sold: &LimitedCounter, n: u64, pause: &dyn Fn()) -> bool {
    let fits = sold.try_add(n); // the only step
    pause();
    fits
}

/// The second customer comes and goes while the first one pauses. Returns what they are told.
fn two_customers<S: Sync>(sold: &S, sell: Sell<S>, [first, second]: [u64; 2]) -> [bool; 2] {
    let (pauses, wait_for_the_pause) = mpsc::channel();
    let (go_on, wait_for_the_second) = mpsc::channel();
    thread::scope(|scope| {
        let first = scope.spawn(move || {
            sell(sold, first, &|| {
                pauses.send(()).unwrap();
                wait_for_the_second.recv().unwrap();
            })
        });
        wait_for_the_pause.recv().unwrap();
        let second = sell(sold, second, &|| ());
        go_on.send(()).unwrap();
        [first.join().unwrap(), second]
    })
}

/// Prints what the customers are told and what is sold, and returns both.
fn show(name: &str, told: [bool; 2], sold: u64) -> ([bool; 2], u64) {
    let [first, second] = told.map(|granted| if granted { "yes" } else { "no" });
    println!("  {name:<26}  first: {first}, second: {second}; {sold} are sold");
    (told, sold)
}

fn wrong(name: &str, sell: Sell<AtomicU64>, wants: [u64; 2]) -> ([bool; 2], u64) {
    let sold = AtomicU64::new(SEATS - 1);
    let told = two_customers(&sold, sell, wants);
    show(name, told, sold.into_inner())
}

/// Returns the outcomes of the three ways to sell.
fn three_ways(wants: [u64; 2]) -> [([bool; 2], u64); 3] {
    let [first, second] = wants;
    println!(
        "{SEATS} seats, {} are sold. The first customer wants {first}, the second {second}:",
        SEATS - 1
    );
    let check_then_add = wrong("wrong, check and then add", check_then_add, wants);
    let add_and_put_back = wrong("wrong, add and put back", add_and_put_back, wants);
    let sold = LimitedCounter::new(SEATS);
    assert!(sold.try_add(SEATS - 1));
    let told = two_customers(&sold, right, wants);
    [check_then_add, add_and_put_back, show("right, try_add", told, sold.get())]
}

fn main() {
    let oversold = ([true, true], 11);
    let exact = ([true, false], 10);
    assert_eq!(three_ways([1, 1]), [oversold, exact, exact]);

    let left_empty = ([false, false], 9);
    let exact = ([false, true], 10);
    assert_eq!(three_ways([2, 1]), [exact, left_empty, exact]);

    let sold = LimitedCounter::new(SEATS);
    let _others = Permit::try_new(&sold, SEATS - 1).expect("nine seats are free");
    let last = Permit::try_new(&sold, 1).expect("one seat is free");
    assert!(Permit::try_new(&sold, 1).is_none());
    drop(last);
    assert!(Permit::try_new(&sold, 1).is_some());
    println!("A customer leaves the last seat: the next one gets it.");
}

// It prints:
// ```text
// 10 seats, 9 are sold. The first customer wants 1, the second 1:
//   wrong, check and then add   first: yes, second: yes; 11 are sold
//   wrong, add and put back     first: yes, second: no; 10 are sold
//   right, try_add              first: yes, second: no; 10 are sold
// 10 seats, 9 are sold. The first customer wants 2, the second 1:
//   wrong, check and then add   first: no, second: yes; 10 are sold
//   wrong, add and put back     first: no, second: no; 9 are sold
//   right, try_add              first: no, second: yes; 10 are sold
// A customer leaves the last seat: the next one gets it.
// ```
