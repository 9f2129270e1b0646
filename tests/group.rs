//! Counts that are read together, over real threads.
#![allow(missing_docs)]

use std::cell::RefCell;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use hotcount::{Counter, CounterGroup, Cursor, ShardedCounter};

/// Whether `counts` is `n` times 1, 2, 3, … for some `n`.
fn is_whole<const N: usize>(counts: [u64; N]) -> bool {
    let n = counts[0];
    counts.iter().zip(1..).all(|(&count, factor)| count == n.wrapping_mul(factor))
}

/// Adds 1, 2, 3, … to the places.
fn add_once<const N: usize>(group: &CounterGroup<N>) {
    group.add(std::array::from_fn(|i| i as u64 + 1));
}

fn reads_during_adds_are_whole<const N: usize>() {
    const ADDS: u64 = 100_000;
    let group = CounterGroup::<N>::new();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..ADDS).for_each(|_| add_once(&group)));
        }
        let mut last = 0;
        while last < 2 * ADDS {
            let counts = group.get();
            assert!(is_whole(counts), "{counts:?}");
            assert!((last..=2 * ADDS).contains(&counts[0]), "{counts:?} after {last}");
            last = counts[0];
        }
    });
}

#[test]
fn reads_of_two_places_are_whole_and_never_go_back() {
    reads_during_adds_are_whole::<2>();
}

#[test]
fn reads_of_sixteen_places_are_whole_and_never_go_back() {
    reads_during_adds_are_whole::<16>();
}

/// So many places that a reader hardly ever finds them as they were.
#[test]
fn a_read_during_the_adds_of_eight_writers_that_never_pause_returns() {
    static GROUP: CounterGroup<500> = CounterGroup::new();
    static STOP: AtomicBool = AtomicBool::new(false);
    let writers = [(); 8].map(|()| {
        thread::spawn(|| {
            let mut added = 0;
            while !STOP.load(Relaxed) {
                add_once(&GROUP);
                added += 1;
            }
            added
        })
    });
    let (sender, receiver) = mpsc::channel();
    // Detached: a read that does not return fails the test, and does not hang it.
    let reader = thread::spawn(move || {
        for _ in 0..200 {
            let counts = GROUP.get();
            sender.send(counts).expect("the test waits");
        }
    });
    for _ in 0..200 {
        let counts = receiver.recv_timeout(Duration::from_secs(60)).expect("the read returns");
        assert!(is_whole(counts), "{counts:?}");
    }
    STOP.store(true, Relaxed);
    reader.join().expect("it reads");
    let added: u64 = writers.map(|writer| writer.join().expect("it adds")).iter().sum();
    assert_eq!(GROUP.get()[0], added);
}

#[test]
fn readers_that_keep_writers_out_lose_nothing() {
    const ADDS: u64 = 20_000;
    let group = CounterGroup::<64>::new();
    thread::scope(|scope| {
        let writers = [(); 4].map(|()| scope.spawn(|| (0..ADDS).for_each(|_| add_once(&group))));
        for _ in 0..3 {
            scope.spawn(|| {
                while group.get()[0] < 4 * ADDS {
                    assert!(is_whole(group.get()));
                }
            });
        }
        writers.into_iter().for_each(|writer| writer.join().expect("it adds"));
        assert_eq!(group.get()[0], 4 * ADDS);
    });
}

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
fn an_add_is_published_to_the_get_that_counts_it() {
    for _ in 0..200 {
        let (group, data) = (CounterGroup::<2>::new(), AtomicBool::new(false));
        thread::scope(|scope| {
            scope.spawn(|| {
                data.store(true, Relaxed);
                group.add([1, 1]);
            });
            while group.get() == [0, 0] {
                thread::yield_now();
            }
            assert!(data.load(Relaxed));
        });
    }
}

#[test]
fn the_windows_of_a_cursor_are_whole_and_miss_nothing() {
    const ADDS: u64 = 50_000;
    let group = Arc::new(CounterGroup::<2>::new());
    add_once(&group);
    let mut from_now = Cursor::from_now(&*group);
    let mut all = Cursor::new(group.clone());
    let mut sums = [[0; 2]; 2];
    let mut take = |from_now: &mut Cursor<&CounterGroup<2>>, all: &mut Cursor<_>| {
        let windows = [from_now.take(), Cursor::<Arc<CounterGroup<2>>>::take(all)];
        assert!(windows.iter().all(|window| is_whole(*window)), "{windows:?}");
        for (sum, window) in sums.iter_mut().zip(windows) {
            *sum = [sum[0] + window[0], sum[1] + window[1]];
        }
        sums
    };
    thread::scope(|scope| {
        let adding = scope.spawn(|| (0..ADDS).for_each(|_| add_once(&group)));
        while !adding.is_finished() {
            take(&mut from_now, &mut all);
        }
    });
    let sums = take(&mut from_now, &mut all);
    assert_eq!(sums, [[ADDS, 2 * ADDS], [ADDS + 1, 2 * ADDS + 2]]);
}

#[test]
fn a_cursor_over_a_group_crosses_an_overflow() {
    let group = CounterGroup::<2>::new();
    group.add([u64::MAX, 1]);
    let mut cursor = Cursor::new(group);
    assert_eq!(cursor.take(), [u64::MAX, 1]);
    assert_eq!(cursor.take(), [0, 0]);
    let group = CounterGroup::<1>::new();
    group.add([u64::MAX]);
    let mut cursor = Cursor::from_now(&group);
    group.add([5]);
    assert_eq!((group.get(), cursor.take()), ([4], [5]));
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
