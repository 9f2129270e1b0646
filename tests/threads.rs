//! `ShardedCounter` where threads and counters come and go. Joins are explicit: a scope may return
//! before the destructors of its threads' thread-locals have run.
#![allow(missing_docs)]

use std::cell::{Cell, RefCell};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;

use hotcount::{Counter, ShardedCounter};

#[test]
fn twenty_thousand_counters_live_at_once() {
    let counters: Arc<Vec<_>> = Arc::new((0..20_000).map(ShardedCounter::from).collect());
    let threads = [1, 2].map(|n| {
        let counters = counters.clone();
        thread::spawn(move || counters.iter().for_each(|counter| counter.add(n)))
    });
    threads.into_iter().for_each(|thread| thread.join().expect("it counts"));
    for (start, counter) in (0..).zip(counters.iter()) {
        assert_eq!(counter.get(), start + 3);
    }
}

#[test]
fn counters_born_and_dropped_in_a_storm_never_see_each_others_counts() {
    let threads = [(); 4].map(|()| {
        thread::spawn(|| {
            for round in 1..2_000 {
                let counters = [(); 5].map(|()| ShardedCounter::from(round));
                counters.iter().for_each(|counter| counter.add(round));
                assert_eq!(counters.map(ShardedCounter::into_inner), [2 * round; 5]);
            }
        })
    });
    threads.into_iter().for_each(|thread| thread.join().expect("every counter was exact"));
}

#[test]
fn a_counter_dropped_by_another_thread_leaves_its_column_clean() {
    for n in 1..500 {
        let counter = Arc::new(ShardedCounter::new());
        let theirs = counter.clone();
        let adding = thread::spawn(move || theirs.add(n));
        counter.add(n);
        drop(counter);
        let next = ShardedCounter::new();
        next.increment();
        assert_eq!(next.get(), 1);
        adding.join().expect("it counts");
    }
}

#[test]
fn threads_that_come_and_go_leave_every_count() {
    static VISITS: ShardedCounter = ShardedCounter::new();
    for wave in 1..=100 {
        let threads = [(); 5].map(|()| thread::spawn(|| (0..7).for_each(|_| VISITS.increment())));
        threads.into_iter().for_each(|thread| thread.join().expect("it counts"));
        assert_eq!(VISITS.get(), wave * 35);
    }
}

/// Two thread-locals that add as they are destroyed, one made before the thread's first addition
/// and one after: whichever order the platform has, one of them comes when the row is given back.
#[test]
fn destructors_of_thread_locals_add_before_and_after_the_row_is_given_back() {
    static LATE: ShardedCounter = ShardedCounter::new();
    struct AddsWhenDropped(Cell<u64>);
    impl Drop for AddsWhenDropped {
        fn drop(&mut self) {
            LATE.add(self.0.get());
        }
    }
    thread_local! {
        static MADE_BEFORE: AddsWhenDropped = const { AddsWhenDropped(Cell::new(0)) };
        static MADE_AFTER: AddsWhenDropped = const { AddsWhenDropped(Cell::new(0)) };
    }
    for round in 1..=50 {
        let ending = || {
            MADE_BEFORE.with(|late| late.0.set(100));
            LATE.increment();
            MADE_AFTER.with(|late| late.0.set(10_000));
        };
        thread::spawn(ending).join().expect("it counts while it ends");
        assert_eq!(LATE.get(), round * 10_101);
    }
}

#[test]
fn a_threads_first_addition_may_come_from_a_destructor() {
    static FIRST: ShardedCounter = ShardedCounter::new();
    struct AddsWhenDropped;
    impl Drop for AddsWhenDropped {
        fn drop(&mut self) {
            FIRST.increment();
        }
    }
    thread_local! {
        static ENDS: AddsWhenDropped = const { AddsWhenDropped };
    }
    for round in 1..=50 {
        thread::spawn(|| ENDS.with(|_| ())).join().expect("it counts while it ends");
        assert_eq!(FIRST.get(), round);
    }
}

/// The ending thread adds from a destructor while the next thread already uses its former row.
#[test]
fn late_additions_do_not_meet_the_next_owner_of_the_row() {
    static COUNTER: ShardedCounter = ShardedCounter::new();
    const EACH: u64 = 300_000;
    struct AddsBesideTheNextThread(RefCell<Option<Arc<Barrier>>>);
    impl Drop for AddsBesideTheNextThread {
        fn drop(&mut self) {
            let barrier = self.0.take().expect("it was set");
            // The row is given back; the next thread takes it before the barrier opens.
            barrier.wait();
            barrier.wait();
            (0..EACH).for_each(|_| COUNTER.increment());
        }
    }
    thread_local! {
        static BEFORE: AddsBesideTheNextThread =
            const { AddsBesideTheNextThread(RefCell::new(None)) };
        static AFTER: AddsBesideTheNextThread =
            const { AddsBesideTheNextThread(RefCell::new(None)) };
    }
    for (round, late) in [(1, &BEFORE), (2, &AFTER)] {
        let barrier = Arc::new(Barrier::new(2));
        let theirs = barrier.clone();
        // Windows starts no thread while another one runs its destructors: the next one is there first.
        let (starts, has_started) = mpsc::channel();
        let next = thread::spawn(move || {
            starts.send(()).expect("the test waits");
            barrier.wait();
            COUNTER.increment();
            barrier.wait();
            (0..EACH).for_each(|_| COUNTER.increment());
        });
        has_started.recv().expect("it starts");
        let ending = thread::spawn(move || {
            if round == 1 {
                late.with(|late| late.0.replace(Some(theirs.clone())));
            }
            COUNTER.increment();
            if round == 2 {
                late.with(|late| late.0.replace(Some(theirs)));
            }
        });
        ending.join().expect("it counts while it ends");
        next.join().expect("it counts");
        assert_eq!(COUNTER.get(), round * (2 + 2 * EACH));
    }
}
