//! Groups of all lengths that come and go, and threads that come and go.

use std::cell::RefCell;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use hotcount::{Counter, CounterGroup, ShardedCounter};

use crate::{add_once, is_whole};

#[test]
fn fifty_threads_times_1000_are_50_000() {
    let group = CounterGroup::<3>::new();
    for _ in 0..5 {
        thread::scope(|scope| {
            let threads =
                [(); 10].map(|()| scope.spawn(|| (0..1000).for_each(|_| add_once(&group))));
            threads.into_iter().for_each(|thread| thread.join().expect("it adds"));
        });
    }
    assert_eq!(group.get(), [50_000, 100_000, 150_000]);
}

#[test]
fn each_place_wraps_for_itself() {
    let group = CounterGroup::<2>::new();
    for _ in 0..40 {
        group.add([u64::MAX, 1]);
    }
    thread::scope(|scope| {
        scope.spawn(|| group.add([1 << 63, u64::MAX])).join().expect("it wraps");
    });
    group.add([1 << 63, 0]);
    assert_eq!(group.get(), [40_u64.wrapping_neg(), 39]);
}

#[test]
fn a_group_begins_at_zero_wherever_others_were() {
    // The same columns go to groups of other lengths, and single columns to counters.
    for round in 1..200 {
        let (two, three) = (CounterGroup::<2>::new(), CounterGroup::<3>::new());
        let (one, counter) = (CounterGroup::<1>::new(), ShardedCounter::new());
        let add = || {
            for _ in 0..round {
                add_once(&two);
                add_once(&three);
                add_once(&one);
                counter.add(3);
            }
        };
        thread::scope(|scope| {
            add();
            scope.spawn(add).join().expect("it adds");
        });
        let n = 2 * round;
        assert_eq!(two.get(), [n, 2 * n]);
        assert_eq!(three.get(), [n, 2 * n, 3 * n]);
        assert_eq!(one.get(), [n]);
        assert_eq!(counter.get(), 3 * n);
        if round % 2 == 0 {
            drop(two);
            let again = CounterGroup::<3>::new();
            (0..30).for_each(|_| add_once(&again));
            assert_eq!(again.get(), [30, 60, 90]);
        }
    }
}

/// A sequence number that is odd at rest would let a reader wait for ever. A counter leaves one in its
/// column.
#[test]
fn a_group_takes_no_column_that_a_counter_had() {
    let (returned, returns) = mpsc::channel();
    // Detached: a read that does not return fails the test, and does not hang it.
    thread::spawn(move || {
        for additions in [100, 101, 100, 101] {
            let counter = ShardedCounter::new();
            (0..additions).for_each(|_| counter.increment());
            drop(counter);
            let group = CounterGroup::<0>::new();
            (0..100).for_each(|_| group.add([]));
            returned.send(group.get()).expect("the test waits");
        }
    });
    for _ in 0..4 {
        assert_eq!(returns.recv_timeout(Duration::from_secs(60)).expect("the read returns"), []);
    }
}

#[test]
fn a_hundred_thousand_groups_count_apart() {
    for round in 1..=2 {
        let groups: Vec<_> = (0..100_000).map(|_| CounterGroup::<2>::new()).collect();
        for n in 0..20 {
            for group in &groups {
                group.add([1, n % 2]);
            }
        }
        thread::scope(|scope| {
            scope.spawn(|| groups.iter().for_each(|group| group.add([round, 0])));
        });
        assert!(groups.iter().all(|group| group.get() == [20 + round, 10]));
    }
}

#[test]
fn an_add_in_the_destructor_of_a_thread_local_is_counted() {
    static GROUP: CounterGroup<2> = CounterGroup::new();
    struct AddsWhenDropped;
    impl Drop for AddsWhenDropped {
        fn drop(&mut self) {
            (0..50).for_each(|_| add_once(&GROUP));
        }
    }
    thread_local! {
        static BEFORE: RefCell<Option<AddsWhenDropped>> = const { RefCell::new(None) };
        static AFTER: RefCell<Option<AddsWhenDropped>> = const { RefCell::new(None) };
    }
    for _ in 0..10 {
        let threads = [(); 8].map(|()| {
            thread::spawn(|| {
                BEFORE.set(Some(AddsWhenDropped));
                (0..50).for_each(|_| add_once(&GROUP));
                AFTER.set(Some(AddsWhenDropped));
            })
        });
        threads.into_iter().for_each(|thread| thread.join().expect("it adds"));
    }
    assert_eq!(GROUP.get(), [12_000, 24_000]);
}

#[test]
fn groups_of_any_length_have_the_common_traits() {
    fn has_all<T: Send + Sync + UnwindSafe + RefUnwindSafe + Unpin>(_: &T) {}
    static NONE: CounterGroup<0> = CounterGroup::new();
    (0..100).for_each(|_| NONE.add([]));
    assert_eq!(NONE.get(), []);
    let group = CounterGroup::<300>::default();
    has_all(&group);
    (0..100).for_each(|_| add_once(&group));
    assert!(is_whole(group.get()));
    assert_eq!(group.get()[299], 30_000);
    let two = CounterGroup::<2>::default();
    two.add([1, 2]);
    assert_eq!(format!("{two:?}"), "CounterGroup([1, 2])");
    assert!(size_of::<CounterGroup<2>>() <= 48, "{}", size_of::<CounterGroup<2>>());
}
