//! Each exercise as it stands fails for its own fault. Each solution passes. A solution with a lock
//! fails where the exercise allows none.

use crate::judges::{Verdict, *};
use crate::locked::{Around, Count, Spinning};
use crate::solutions::{
    e1_lose_nothing, e2_hand_out_numbers, e3_one_seat, e4_last_one_out, e5_windows,
    e6_beside_await, e7_two_counts, e8_cell_per_thread,
};

#[track_caller]
fn fails(verdict: Verdict, fault: &str) {
    let found = verdict.expect_err("it is not right yet");
    assert_eq!(found.what, fault);
    assert!(!found.run.steps.is_empty(), "a schedule shows it");
}

#[track_caller]
fn passes(verdict: Verdict, schedules: usize) {
    match verdict {
        Ok(tried) => assert_eq!(tried, schedules, "schedules tried"),
        Err(fault) => panic!("{}: {:#?}", fault.what, fault.run.steps),
    }
}

#[test]
fn each_exercise_fails_for_its_own_fault() {
    fails(
        lose_nothing::<crate::e1_lose_nothing::Count>(),
        "an addition is lost: 2 additions count as 1",
    );
    fails(hand_out_numbers::<crate::e2_hand_out_numbers::Numbers>(), "both threads get number 2");
    fails(one_seat::<crate::e3_one_seat::Seats>(), "both threads get the one seat");
    fails(last_one_out::<crate::e4_last_one_out::Room>(), "both threads turn off the light");
    fails(windows::<crate::e5_windows::Hits>(), "5 were added, and reader 1 is told of 0");
    fails(count_beside_await::<crate::e6_beside_await::Visitors>(), "both visitors get number 1");
    fails(two_counts::<crate::e7_two_counts::Counts>(), "thread B reads 2 requests with 100 bytes");
    fails(
        cell_per_thread::<crate::e8_cell_per_thread::Counter>(),
        "an addition is counted twice: thread B reads 2",
    );
}

#[test]
fn each_solution_passes_under_all_schedules() {
    passes(lose_nothing::<e1_lose_nothing::Count>(), 2);
    passes(hand_out_numbers::<e2_hand_out_numbers::Numbers>(), 2);
    passes(one_seat::<e3_one_seat::Seats>(), 4);
    passes(last_one_out::<e4_last_one_out::Room>(), 2);
    passes(windows::<e5_windows::Hits>(), 10);
    passes(count_beside_await::<e6_beside_await::Visitors>(), 2);
    passes(two_counts::<e7_two_counts::Counts>(), 3);
    passes(cell_per_thread::<e8_cell_per_thread::Counter>(), 182);
}

#[test]
fn a_lock_fails_where_the_exercise_allows_none() {
    let no_lock = "this exercise allows no lock";
    fails(lose_nothing::<Count>(), no_lock);
    fails(hand_out_numbers::<Count>(), no_lock);
    fails(last_one_out::<Count>(), no_lock);
    fails(windows::<Around<e5_windows::Hits>>(), no_lock);
    fails(two_counts::<Around<crate::e7_two_counts::Counts>>(), no_lock);
    fails(cell_per_thread::<Around<crate::e8_cell_per_thread::Counter>>(), no_lock);
}

#[test]
fn a_spin_lock_fails_as_well() {
    fails(lose_nothing::<Spinning>(), "a thread loops forever");
}

#[test]
fn a_lock_of_the_standard_library_is_refused_before_the_explorer_waits_for_it() {
    let fault = uses_only_words_and_locks("use std::sync::Mutex;\n").expect_err("it is unseen");
    assert_eq!(fault.what, "it uses std::sync, of which the explorer sees no step");
    let as_it_stands = include_str!("../../examples/exercises/e1_lose_nothing.rs");
    assert!(uses_only_words_and_locks(as_it_stands).is_ok());
}
