//! The solutions under loom, with weaker memory orders than the explorer's: every outcome that the
//! language allows is one that the exercise allows, and all of these are seen.

mod explorer;
#[path = "../solutions/mod.rs"]
mod solutions;

use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use loom::thread;

use crate::tasks::{self, *};
use solutions::*;

/// Runs two threads under every schedule. Returns what they returned.
fn outcomes<S: 'static, A: Ord + Send + 'static, B: Ord + Send + 'static>(
    new: fn() -> S,
    a: fn(&S) -> A,
    b: fn(&S) -> B,
) -> BTreeSet<(A, B)> {
    outcomes_of(new, move |state| {
        let shared = state.clone();
        let b = thread::spawn(move || b(&shared));
        (a(state), b.join().unwrap())
    })
}

/// Calls `model` with the same state under every schedule. Returns what it returned.
fn outcomes_of<S: 'static, T: Ord + Send + 'static>(
    new: fn() -> S,
    model: impl Fn(&Arc<S>) -> T + Send + Sync + 'static,
) -> BTreeSet<T> {
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    let all_seen = seen.clone();
    loom::model(move || {
        let outcome = model(&Arc::new(new()));
        seen.lock().unwrap().insert(outcome);
    });
    std::mem::take(&mut all_seen.lock().unwrap())
}

#[test]
fn no_addition_is_lost() {
    let add_and_get = |count: &e1_lose_nothing::Count| {
        count.add_one();
        count.get()
    };
    let seen = outcomes(LoseNothing::new, add_and_get, add_and_get);
    assert_eq!(seen, [(1, 2), (2, 1), (2, 2)].into());
}

#[test]
fn each_number_is_given_once() {
    type Numbers = e2_hand_out_numbers::Numbers;
    let seen = outcomes(Numbers::new, Numbers::take_number, Numbers::take_number);
    assert_eq!(seen, [(1, 2), (2, 1)].into());
}

#[test]
fn one_thread_gets_the_seat() {
    type Seats = e3_one_seat::Seats;
    let seen = outcomes(Seats::new, Seats::take_seat, Seats::take_seat);
    assert_eq!(seen, [(true, false), (false, true)].into());
}

#[test]
fn one_thread_is_the_last_one_out() {
    type Room = e4_last_one_out::Room;
    let seen = outcomes(Room::new, Room::leave, Room::leave);
    assert_eq!(seen, [(true, false), (false, true)].into());
}

#[test]
fn each_reader_is_told_of_each_addition_once() {
    let add = |hits: &e5_windows::Hits| {
        hits.add(5);
        hits.take(0)
    };
    let read = |hits: &e5_windows::Hits| (hits.take(1), hits.take(1));
    let seen = outcomes(Windows::new, add, read);
    assert_eq!(seen, [(5, (0, 0)), (5, (0, 5)), (5, (5, 0))].into());
}

#[test]
fn each_visitor_has_a_number_also_on_two_threads() {
    let visit = |visitors: &e6_beside_await::Visitors| {
        let mut visit = pin!(visitors.visit());
        match visit.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(number) => number,
            Poll::Pending => panic!("this log is always ready"),
        }
    };
    let seen = outcomes(CountBesideAwait::new, visit, visit);
    assert_eq!(seen, [(1, 2), (2, 1)].into());
}

#[test]
fn a_read_sees_both_counts_of_the_same_requests() {
    let record = |counts: &e7_two_counts::Counts| {
        counts.record(10);
        counts.record(100);
    };
    let seen = outcomes(TwoCounts::new, record, TwoCounts::read);
    assert_eq!(seen, [((), (0, 0)), ((), (1, 10)), ((), (2, 110))].into());
}

#[test]
fn a_cell_that_outlives_its_thread_is_counted_once() {
    let live = |cells: &e8_cell_per_thread::Counter| {
        let cell = cells.begin();
        cells.add_one(cell);
        cells.end(cell);
        cell
    };
    let read = |cells: &e8_cell_per_thread::Counter| (cells.get(), cells.get());
    let seen = outcomes(CellPerThread::new, live, read);
    assert_eq!(seen, [(0, (0, 0)), (0, (0, 1)), (0, (1, 1))].into());

    // Two threads, in one cell after the other or in two cells, and a read when both have ended.
    let total_after_both = move |cells: &Arc<e8_cell_per_thread::Counter>| {
        let shared = cells.clone();
        let other = thread::spawn(move || live(&shared));
        let own = live(cells);
        (own, other.join().unwrap(), cells.get())
    };
    let seen = outcomes_of(CellPerThread::new, total_after_both);
    assert_eq!(seen, [(0, 0, 2), (0, 1, 2), (1, 0, 2)].into());
}
