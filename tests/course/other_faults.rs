//! Faults that a first try to repair an exercise may have. The judges name them as well.

use crate::explorer::{Lock, Word, write_to_the_log};
use crate::judges::{
    Verdict, cell_per_thread, count_beside_await, hand_out_numbers, last_one_out, one_seat, windows,
};
use crate::tasks::{CellPerThread, CountBesideAwait, HandOutNumbers, LastOneOut, OneSeat, Windows};

#[track_caller]
fn fails(verdict: Verdict, fault: &str) {
    assert_eq!(verdict.expect_err("it is not right").what, fault);
}

struct CountsFromZero(Word);

impl HandOutNumbers for CountsFromZero {
    fn new() -> Self {
        Self(Word::new("given"))
    }

    fn take_number(&self) -> u64 {
        self.0.fetch_add(1)
    }
}

#[test]
fn numbers_that_begin_at_0() {
    fails(hand_out_numbers::<CountsFromZero>(), "thread A gets number 0, thread B gets number 1");
}

struct Never;

impl OneSeat for Never {
    fn new() -> Self {
        Self
    }

    fn take_seat(&self) -> bool {
        false
    }
}

impl LastOneOut for Never {
    fn new() -> Self {
        Self
    }

    fn leave(&self) -> bool {
        false
    }
}

#[test]
fn a_seat_and_a_light_that_are_for_no_thread() {
    fails(one_seat::<Never>(), "no thread gets the seat");
    fails(last_one_out::<Never>(), "no thread turns off the light");
}

struct TakesAllAgain(Word);

impl Windows for TakesAllAgain {
    fn new() -> Self {
        Self(Word::new("hits"))
    }

    fn add(&self, n: u64) {
        self.0.fetch_add(n);
    }

    fn take(&self, _reader: usize) -> u64 {
        self.0.load()
    }
}

#[test]
fn a_take_that_does_not_remember() {
    fails(windows::<TakesAllAgain>(), "5 were added, and reader 0 is told of 10");
}

struct LockOverAwait(Lock);

impl CountBesideAwait for LockOverAwait {
    fn new() -> Self {
        Self(Lock::new("visitors"))
    }

    async fn visit(&self) -> u64 {
        let mut visitors = self.0.lock();
        *visitors += 1;
        write_to_the_log().await;
        *visitors
    }
}

struct NoLog(Word);

impl CountBesideAwait for NoLog {
    fn new() -> Self {
        Self(Word::new("visitors"))
    }

    async fn visit(&self) -> u64 {
        self.0.fetch_add(1) + 1
    }
}

#[test]
fn a_lock_over_an_await_and_a_log_that_is_left_out() {
    let stops = "the only thread waits for a lock that another task holds";
    fails(count_beside_await::<LockOverAwait>(), stops);
    fails(count_beside_await::<NoLog>(), "a visit does not write to the log");
}

/// Takes the count out of the cell before it is in the sum.
struct EmptiesFirst {
    cell: Word,
    of_ended: Word,
}

impl CellPerThread for EmptiesFirst {
    fn new() -> Self {
        Self { cell: Word::new("cell"), of_ended: Word::new("sum of ended threads") }
    }

    fn begin(&self) -> usize {
        0
    }

    fn add_one(&self, _cell: usize) {
        self.cell.fetch_add(1);
    }

    fn end(&self, _cell: usize) {
        let counted = self.cell.swap(0);
        self.of_ended.fetch_add(counted);
    }

    fn get(&self) -> u64 {
        self.of_ended.load() + self.cell.load()
    }
}

/// Two threads share one cell, with a plain load and a plain store.
struct OneCell(Word);

impl CellPerThread for OneCell {
    fn new() -> Self {
        Self(Word::new("cell"))
    }

    fn begin(&self) -> usize {
        0
    }

    fn add_one(&self, _cell: usize) {
        let loaded = self.0.load();
        self.0.store(loaded + 1);
    }

    fn end(&self, _cell: usize) {}

    fn get(&self) -> u64 {
        self.0.load()
    }
}

#[test]
fn a_count_that_is_away_for_a_moment_and_a_cell_of_two_threads() {
    fails(cell_per_thread::<EmptiesFirst>(), "an addition that was counted is missing later");
    fails(cell_per_thread::<OneCell>(), "2 additions count as 1");
}
