//! The columns of groups, and the rows that change hands with them.

use loom::sync::Arc;
use loom::sync::atomic::{
    AtomicBool,
    Ordering::{Acquire, Release},
};
use loom::thread;

use crate::CounterGroup;
use crate::explore::{explore, explore_up_to, set};
use crate::groups::{claimed, spawn};
use crate::sync::{WARM_UP, at_exit};
use crate::table::rows;

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
    let outcomes = explore_up_to(2, || {
        let groups = Arc::new([(); 2].map(|()| CounterGroup::<2>::new()));
        let adding = spawn(&groups, |[first, second]| {
            first.add([1, 10]);
            second.add([5, 50]);
            first.add([2, 20]);
        });
        let meanwhile = groups[0].get();
        adding.join().unwrap();
        (meanwhile, groups.each_ref().map(CounterGroup::get), rows())
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
        let meanwhile = second.get();
        dropping.join().unwrap();
        (meanwhile, second.get())
    });
    assert_eq!(outcomes, set([([4, 40], [6, 60]), ([6, 60], [6, 60])]));
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
