//! The contract of a group: each `add` is in a `get` whole or not at all.

use std::collections::BTreeSet;

use loom::sync::Arc;
use loom::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::CounterGroup;
use crate::explore::{explore, explore_up_to, set};
use crate::groups::{Pair, claimed, spawn};
use crate::sync::has_paused;

/// Returns what was read during two additions of one thread, and at the end; and whether the reader
/// had to keep the thread out.
pub fn a_get_during_two_adds<G: Pair>(preemptions: usize) -> BTreeSet<([u64; 2], [u64; 2], bool)> {
    explore_up_to(preemptions, || {
        let group = claimed::<G>();
        let reading = spawn(&group, G::get);
        group.add([1, 10]);
        group.add([2, 20]);
        let meanwhile = reading.join().unwrap();
        (meanwhile, group.get(), has_paused())
    })
}

#[test]
fn each_add_is_in_a_get_whole_or_not_at_all() {
    let outcomes = a_get_during_two_adds::<CounterGroup<2>>(3);
    let at_once = [[0, 0], [1, 10], [3, 30]].map(|read| (read, [3, 30], false));
    // A reader that had to look again met an addition under way, and counts it.
    let in_the_end = [[1, 10], [3, 30]].map(|read| (read, [3, 30], true));
    assert_eq!(outcomes, at_once.into_iter().chain(in_the_end).collect());
}

/// The columns had [7, 70] before, and are zeroed and claimed while two readers look. So each store
/// of `start` has to carry the zeros.
/// Returns what they saw, and whether one kept the writer out.
pub fn two_gets_during_the_first_add<G: Pair>() -> BTreeSet<([u64; 2], [u64; 2], bool)> {
    // One preemption inside the addition and one while the writer is kept out.
    explore_up_to(2, || {
        let first = G::default();
        first.add([7, 70]);
        let group = Arc::new(G::default());
        let readers = [(); 2].map(|()| spawn(&group, G::get));
        drop(first);
        group.add([1, 10]);
        let [a, b] = readers.map(|reader| reader.join().unwrap());
        (a, b, has_paused())
    })
}

#[test]
fn a_reader_that_keeps_the_writer_out_disturbs_no_other_reader() {
    let outcomes = two_gets_during_the_first_add::<CounterGroup<2>>();
    let (none, all) = ([0, 0], [1, 10]);
    let at_once = [(none, none), (none, all), (all, none), (all, all)];
    let in_the_end = [(none, all), (all, none), (all, all)];
    let at_once = at_once.map(|(a, b)| (a, b, false));
    let in_the_end = in_the_end.map(|(a, b)| (a, b, true));
    assert_eq!(outcomes, at_once.into_iter().chain(in_the_end).collect());
}

/// The thread that adds reads after that, while another reader may keep it out.
pub fn a_get_after_an_add_during_another_get<G: Pair>() -> BTreeSet<([u64; 2], [u64; 2])> {
    explore(|| {
        let group = claimed::<G>();
        let reading = spawn(&group, G::get);
        group.add([1, 10]);
        let after = group.get();
        (after, reading.join().unwrap())
    })
}

#[test]
fn a_get_after_an_add_counts_it_whatever_another_reader_does() {
    let outcomes = a_get_after_an_add_during_another_get::<CounterGroup<2>>();
    assert_eq!(outcomes, set([([1, 10], [0, 0]), ([1, 10], [1, 10])]));
}

/// Returns (the second count, what was read of the data written before it was added).
pub fn an_add_is_published_to_the_get_that_counts_it<G: Pair>() -> BTreeSet<(u64, u64)> {
    explore(|| {
        let (group, data) = (claimed::<G>(), Arc::new(AtomicU64::new(0)));
        let read = data.clone();
        let reading = spawn(&group, move |group| (group.get()[1], read.load(Relaxed)));
        data.store(1, Relaxed);
        group.add([0, 1]);
        reading.join().unwrap()
    })
}

#[test]
fn an_add_to_a_group_is_published_to_the_get_that_counts_it() {
    let outcomes = an_add_is_published_to_the_get_that_counts_it::<CounterGroup<2>>();
    assert_eq!(outcomes, set([(0, 0), (0, 1), (1, 1)]));
}

#[test]
fn gets_of_a_group_are_monotone() {
    let outcomes = explore(|| {
        let group = claimed::<CounterGroup<2>>();
        let reading = spawn(&group, |group| (group.get(), group.get()));
        group.add([1, 10]);
        reading.join().unwrap()
    });
    assert_eq!(outcomes, set([([0, 0], [0, 0]), ([0, 0], [1, 10]), ([1, 10], [1, 10])]));
}
