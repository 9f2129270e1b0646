//! The explorer tries every order of steps, each of them once, and reports what has no end.

use std::collections::BTreeSet;

use crate::explorer::play::play;
use crate::explorer::{Lock, Run, Word, every_run, run_as_task, write_to_the_log};

fn two_words() -> [Word; 2] {
    [Word::new("left"), Word::new("right")]
}

#[test]
fn all_orders_of_steps_are_tried_also_on_different_words() {
    let left = |words: &[Word; 2]| {
        words[0].store(1);
        words[0].load()
    };
    let right = |words: &[Word; 2]| {
        words[1].store(2);
        words[1].load()
    };
    // Two steps each: 4! / (2! 2!) orders of two threads, 6! / (2! 2! 2!) of three.
    assert_eq!(every_run(two_words, &[left, right], None).len(), 6);
    assert_eq!(every_run(two_words, &[left, right, left], None).len(), 90);
}

#[test]
fn a_panic_is_an_end_of_its_run_only() {
    let panics_at_1 = |words: &[Word; 2]| {
        let before = words[0].fetch_add(1);
        assert!(before == 0, "it was added to before");
        before
    };
    let runs = every_run(two_words, &[panics_at_1, panics_at_1], None);
    let ends: Vec<_> = runs.iter().map(|run| run.returned.clone()).collect();
    assert_eq!(
        ends,
        [Err("it was added to before".to_string()), Err("it was added to before".to_string())]
    );
    assert!(runs.iter().all(|run| run.steps.len() == 2));
}

fn two_locks() -> [Lock; 2] {
    [Lock::new("left"), Lock::new("right")]
}

/// How the runs end of two threads that take two locks each.
fn ends(threads: &[fn(&[Lock; 2]) -> u64]) -> BTreeSet<Result<Vec<u64>, String>> {
    every_run(two_locks, threads, None).into_iter().map(|run| run.returned).collect()
}

#[test]
fn a_deadlock_is_reported_and_not_waited_for() {
    let left_first = |locks: &[Lock; 2]| {
        let _left = locks[0].lock();
        let _right = locks[1].lock();
        0
    };
    let right_first = |locks: &[Lock; 2]| {
        let _right = locks[1].lock();
        let _left = locks[0].lock();
        0
    };
    assert_eq!(ends(&[left_first, left_first]), [Ok(vec![0, 0])].into());
    let stops = Err("each thread waits for another one".to_string());
    assert_eq!(ends(&[left_first, right_first]), [Ok(vec![0, 0]), stops].into());
}

#[test]
fn two_threads_that_wait_for_one_lock_both_get_it() {
    let add = |locks: &[Lock; 2]| {
        *locks[0].lock() += 1;
        0
    };
    let three = every_run(two_locks, &[add, add, add], Some(|locks| *locks[0].lock()));
    assert!(three.iter().all(|run| run.returned == Ok(vec![0, 0, 0, 3])));
}

#[test]
fn a_lock_held_over_an_await_stops_the_only_thread() {
    let held = |locks: &[Lock; 2]| {
        run_as_task(async {
            let mut number = locks[0].lock();
            *number += 1;
            write_to_the_log().await;
            *number
        })
    };
    let released = |locks: &[Lock; 2]| {
        run_as_task(async {
            let number = {
                let mut number = locks[0].lock();
                *number += 1;
                *number
            };
            write_to_the_log().await;
            number
        })
    };
    let stops = Err("the only thread waits for a lock that another task holds".to_string());
    assert!(ends(&[held, held]).contains(&stops));
    assert_eq!(ends(&[released, released]), [Ok(vec![1, 2]), Ok(vec![2, 1])].into());
}

fn number_of(count: &Word) -> u64 {
    let before = count.load();
    count.store(before + 1);
    before + 1
}

fn played(letters: &str) -> Option<Vec<u64>> {
    let runs = every_run(|| Word::new("count"), &[number_of, number_of], None);
    let run: Option<&Run<u64>> = play(&runs, letters.as_bytes());
    run.map(|run| run.returned.clone().expect("it ends"))
}

#[test]
fn the_reader_of_the_input_chooses_the_schedule() {
    assert_eq!(played("AA"), Some(vec![1, 2]));
    assert_eq!(played("b b"), Some(vec![2, 1]));
    assert_eq!(played("a\nx\nb\nb\n"), Some(vec![1, 1]));
    assert_eq!(played("a"), None);
    assert_eq!(played(""), None);
}
