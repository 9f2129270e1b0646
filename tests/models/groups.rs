//! The contract of a group: each `add` is in a `get` whole or not at all, whatever else happens.

use std::collections::BTreeSet;

use loom::sync::Arc;
use loom::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};
use loom::thread::{self, JoinHandle};

use crate::CounterGroup;
use crate::explore::{explore, explore_up_to, set};
use crate::handover::rows;
use crate::sync::{WARM_UP, at_exit, has_paused};

/// What a model is run over: the group, and its twins. One thread at a time adds to a twin.
pub trait Pair: Default + 'static {
    fn add(&self, counts: [u64; 2]);
    fn get(&self) -> [u64; 2];
}

impl Pair for CounterGroup<2> {
    fn add(&self, counts: [u64; 2]) {
        self.add(counts);
    }

    fn get(&self) -> [u64; 2] {
        self.get()
    }
}

/// Like `explore::spawn`. The last owner's drop writes to the columns, so loom has to see its order.
fn spawn<G: 'static, T: 'static>(
    group: &Arc<G>,
    work: impl FnOnce(&G) -> T + 'static,
) -> JoinHandle<T> {
    let group = group.clone();
    thread::spawn(move || work(&group))
}

/// A group, and a row of the calling thread that reaches its columns.
fn claimed<G: Pair>() -> Arc<G> {
    let group = Arc::new(G::default());
    group.add([0, 0]);
    group
}

/// Returns what was read beside two additions of one thread, and at the end; and whether the reader
/// had to keep the thread out.
pub fn a_get_beside_two_adds<G: Pair>(preemptions: usize) -> BTreeSet<([u64; 2], [u64; 2], bool)> {
    explore_up_to(preemptions, || {
        let group = claimed::<G>();
        let reading = spawn(&group, G::get);
        group.add([1, 10]);
        group.add([2, 20]);
        let beside = reading.join().unwrap();
        (beside, group.get(), has_paused())
    })
}

#[test]
fn each_add_is_in_a_get_whole_or_not_at_all() {
    let outcomes = a_get_beside_two_adds::<CounterGroup<2>>(3);
    let at_once = [[0, 0], [1, 10], [3, 30]].map(|read| (read, [3, 30], false));
    // A reader that had to look again met an addition under way, and counts it.
    let in_the_end = [[1, 10], [3, 30]].map(|read| (read, [3, 30], true));
    assert_eq!(outcomes, at_once.into_iter().chain(in_the_end).collect());
}

/// The columns had [7, 70] before, and are zeroed and claimed while two readers look. So each store
/// of `start` has to carry the zeros.
/// Returns what they saw, and whether one kept the writer out.
pub fn two_gets_beside_the_first_add<G: Pair>() -> BTreeSet<([u64; 2], [u64; 2], bool)> {
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
    let outcomes = two_gets_beside_the_first_add::<CounterGroup<2>>();
    let (none, all) = ([0, 0], [1, 10]);
    let at_once = [(none, none), (none, all), (all, none), (all, all)];
    let in_the_end = [(none, all), (all, none), (all, all)];
    let at_once = at_once.map(|(a, b)| (a, b, false));
    let in_the_end = in_the_end.map(|(a, b)| (a, b, true));
    assert_eq!(outcomes, at_once.into_iter().chain(in_the_end).collect());
}

/// The thread that adds reads after that, while another reader may keep it out.
pub fn a_get_after_an_add_beside_another<G: Pair>() -> BTreeSet<([u64; 2], [u64; 2])> {
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
    let outcomes = a_get_after_an_add_beside_another::<CounterGroup<2>>();
    assert_eq!(outcomes, set([([1, 10], [0, 0]), ([1, 10], [1, 10])]));
}

/// Two threads add once each, and one may leave its row to the other.
#[test]
fn a_row_that_is_handed_on_loses_nothing_of_a_group() {
    let outcomes = explore(|| {
        let group = Arc::new(CounterGroup::<2>::new());
        let threads = [1, 2].map(|n| spawn(&group, move |group| group.add([n, 10 * n])));
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        (group.get(), rows())
    });
    assert_eq!(outcomes, set([([3, 30], 1), ([3, 30], 2)]));
}

/// The second group makes the thread take a longer row.
#[test]
fn a_row_grows_while_a_reader_of_a_group_sums() {
    let outcomes = explore(|| {
        let groups = Arc::new([(); 2].map(|()| CounterGroup::<2>::new()));
        let adding = spawn(&groups, |[first, second]| {
            first.add([1, 10]);
            second.add([5, 50]);
            first.add([2, 20]);
        });
        let beside = groups[0].get();
        adding.join().unwrap();
        (beside, groups.each_ref().map(CounterGroup::get), rows())
    });
    let reads = [[0, 0], [1, 10], [2, 20], [3, 30]];
    assert_eq!(outcomes, reads.map(|read| (read, [[3, 30], [5, 50]], 2)).into());
}

/// The last owner of a group drops it and makes another, which gets the same columns.
#[test]
fn columns_are_born_again_at_zero() {
    let outcomes = explore(|| {
        let first = claimed::<CounterGroup<2>>();
        let adding = spawn(&first, |first| first.add([1, 10]));
        adding.join().unwrap();
        drop(first);
        let second = Arc::new(CounterGroup::<2>::new());
        let reading = spawn(&second, CounterGroup::get);
        second.add([2, 20]);
        // Other columns would be beyond both rows.
        (second.get(), reading.join().unwrap(), rows())
    });
    assert_eq!(outcomes, set([([2, 20], [0, 0], 2), ([2, 20], [2, 20], 2)]));
}

/// A thread adds in cells of its row that another thread has zeroed.
#[test]
fn a_group_adds_in_columns_that_another_thread_zeroed() {
    let outcomes = explore(|| {
        let (first, second) = (CounterGroup::<2>::new(), Arc::new(CounterGroup::<2>::new()));
        first.add([1, 10]);
        let dropping = spawn(&second, |second| {
            drop(first);
            second.add([2, 20]);
        });
        second.add([4, 40]);
        let beside = second.get();
        dropping.join().unwrap();
        (beside, second.get())
    });
    assert_eq!(outcomes, set([([4, 40], [6, 60]), ([6, 60], [6, 60])]));
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

/// The first additions are cheaper without columns, and a group that lives shortly needs none.
#[test]
fn a_group_takes_columns_when_it_has_been_added_to_a_few_times() {
    let outcomes = explore(|| {
        WARM_UP.set(2);
        let group = CounterGroup::<2>::new();
        let rows = [(); 3].map(|()| {
            group.add([1, 10]);
            rows()
        });
        WARM_UP.set(0);
        (group.get(), rows)
    });
    assert_eq!(outcomes, set([([3, 30], [0, 0, 1])]));
}

/// The thread adds, gives its row back as it ends, and adds from another thread-local's destructor.
#[test]
fn an_add_to_a_group_after_the_row_was_given_back_is_counted() {
    let outcomes = explore(|| {
        let (group, ended) = (Arc::new(CounterGroup::<2>::new()), Arc::new(AtomicBool::new(false)));
        let (late, signal) = (group.clone(), ended.clone());
        let _ending = spawn(&group, move |group| {
            at_exit(move || {
                late.add([2, 20]);
                drop(late);
                signal.store(true, Release);
            });
            group.add([1, 10]);
        });
        group.add([4, 40]);
        while !ended.load(Acquire) {
            thread::yield_now();
        }
        group.get()
    });
    assert_eq!(outcomes, set([[7, 70]]));
}
