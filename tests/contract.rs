//! The contract over real threads: one body for every counter.
#![allow(missing_docs)]

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use hotcount::{
    AtomicCounter, Counter, Cursor, FetchAdd, LockedCounter, ShardedCounter, UpDownCounter,
};

/// Runs a generic test once for each counter named.
macro_rules! for_each_counter {
    ($($test:ident: $($counter:ident),*;)*) => {$(
        mod $test {
            $(
                #[test]
                #[allow(non_snake_case)]
                fn $counter() {
                    super::$test::<super::$counter>();
                }
            )*
        }
    )*};
}

for_each_counter! {
    fifty_threads_times_1000_are_50_000: AtomicCounter, LockedCounter, ShardedCounter;
    gets_beside_adds_are_bracketed_and_never_go_back: AtomicCounter, LockedCounter, ShardedCounter;
    overflow_wraps: AtomicCounter, LockedCounter, ShardedCounter;
    a_cursor_crosses_an_overflow: AtomicCounter, LockedCounter, ShardedCounter;
    cursors_beside_adds_miss_and_double_nothing: AtomicCounter, LockedCounter, ShardedCounter;
    a_counter_is_used_through_pointers: AtomicCounter, LockedCounter, ShardedCounter;
    it_crosses_threads_and_panics: AtomicCounter, LockedCounter, ShardedCounter;
    it_has_the_common_constructors: AtomicCounter, LockedCounter, ShardedCounter;
    a_hundred_clients_get_the_numbers_1_to_100: AtomicCounter, LockedCounter;
    numbers_wrap: AtomicCounter, LockedCounter;
    numbers_come_through_pointers: AtomicCounter, LockedCounter;
}

#[cfg(feature = "mapped")]
#[path = "contract/mapped.rs"]
mod mapped;

fn fifty_threads_times_1000_are_50_000<C: Counter + Default>() {
    let counter = C::default();
    thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| (0..1000).for_each(|_| counter.increment()));
        }
    });
    assert_eq!(counter.get(), 50_000);
}

fn gets_beside_adds_are_bracketed_and_never_go_back<C: Counter + Default>() {
    let counter = C::default();
    counter.add(10);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..50_000).for_each(|_| counter.add(2)));
        }
        let mut last = 10;
        while last < 200_010 {
            let now = counter.get();
            assert!((last..=200_010).contains(&now), "{now} after {last}");
            assert_eq!(now % 2, 0);
            last = now;
        }
    });
}

fn overflow_wraps<C: Counter + From<u64>>() {
    let counter = C::from(u64::MAX);
    counter.increment();
    assert_eq!(counter.get(), 0);
    counter.add(u64::MAX);
    counter.add(u64::MAX);
    assert_eq!(counter.get(), u64::MAX - 1);
    thread::scope(|scope| {
        scope.spawn(|| counter.add(u64::MAX)).join().expect("it wraps");
    });
    assert_eq!(counter.get(), u64::MAX - 2);
    // Half of the range from each of two threads: the sum over threads overflows too.
    counter.add(1 << 63);
    thread::scope(|scope| {
        scope.spawn(|| counter.add(1 << 63)).join().expect("it wraps");
    });
    assert_eq!(counter.get(), u64::MAX - 2);
}

fn a_cursor_crosses_an_overflow<C: Counter + From<u64>>() {
    let counter = C::from(u64::MAX - 1);
    let mut all = Cursor::new(&counter);
    let mut new = Cursor::from_now(&counter);
    assert_eq!((all.take(), new.take()), (u64::MAX - 1, 0));
    counter.add(5);
    assert_eq!(counter.get(), 3);
    assert_eq!((all.take(), new.take()), (5, 5));
    assert_eq!((all.take(), new.take()), (0, 0));
}

fn cursors_beside_adds_miss_and_double_nothing<C: Counter + Default>() {
    let counter = C::default();
    let running = AtomicCounter::from(2);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                (0..50_000).for_each(|_| counter.add(3));
                running.increment();
            });
        }
        let readers = [(); 2].map(|()| {
            scope.spawn(|| {
                let mut cursor = Cursor::new(&counter);
                let mut sum = 0;
                while running.get() < 4 {
                    sum += cursor.take();
                }
                sum + cursor.take()
            })
        });
        assert_eq!(readers.map(|reader| reader.join().expect("it counts")), [300_000; 2]);
    });
}

fn a_counter_is_used_through_pointers<C: Counter + Default + 'static>() {
    fn add_one(counter: impl Counter) -> u64 {
        counter.increment();
        counter.add(0);
        counter.get()
    }
    let counter = Arc::new(C::default());
    assert_eq!(add_one(&*counter), 1);
    assert_eq!(add_one(counter.clone()), 2);
    assert_eq!(add_one(&counter), 3);
    let dynamic: Arc<dyn Counter> = counter;
    assert_eq!(add_one(&*dynamic), 4);
    assert_eq!(add_one(dynamic), 5);
    let boxed: Box<dyn Counter> = Box::new(C::default());
    assert_eq!(add_one(boxed), 1);
}

fn numbers_come_through_pointers<C: FetchAdd + Default + 'static>() {
    fn two(counter: impl FetchAdd) -> [u64; 2] {
        [counter.increment_and_get(), counter.fetch_add(1)]
    }
    let counter = Arc::new(C::default());
    assert_eq!(two(&*counter), [1, 1]);
    assert_eq!(two(counter.clone()), [3, 3]);
    let dynamic: Arc<dyn FetchAdd> = counter;
    assert_eq!(two(&*dynamic), [5, 5]);
    let boxed: Box<dyn FetchAdd> = Box::new(C::default());
    assert_eq!(two(boxed), [1, 1]);
}

fn it_crosses_threads_and_panics<C: Counter + UnwindSafe + RefUnwindSafe + Unpin>() {}

fn it_has_the_common_constructors<C: Counter + Default + From<u64> + Debug + Display>() {
    assert_eq!(C::default().get(), 0);
    let counter = C::from(41);
    counter.increment();
    assert_eq!(counter.get(), 42);
    let name = std::any::type_name::<C>().rsplit("::").next().expect("it has a name");
    assert_eq!(format!("{counter:?}"), format!("{name}(42)"));
    assert_eq!(format!("{counter} {counter:5} {counter:<4}|"), "42    42 42  |");
}

fn a_hundred_clients_get_the_numbers_1_to_100<C: FetchAdd + Default>() {
    let counter = C::default();
    let numbers: Vec<u64> = thread::scope(|scope| {
        let clients: Vec<_> =
            (0..100).map(|_| scope.spawn(|| counter.increment_and_get())).collect();
        clients.into_iter().map(|client| client.join().expect("it counts")).collect()
    });
    assert_eq!(numbers.len(), 100);
    assert_eq!(BTreeSet::from_iter(numbers), (1..=100).collect());
}

fn numbers_wrap<C: FetchAdd + From<u64>>() {
    let counter = C::from(u64::MAX - 1);
    assert_eq!(counter.increment_and_get(), u64::MAX);
    assert_eq!(counter.increment_and_get(), 0);
    assert_eq!(counter.fetch_add(u64::MAX), 0);
    assert_eq!(counter.fetch_add(2), u64::MAX);
    assert_eq!(counter.get(), 1);
}

#[test]
fn each_counter_fits_in_a_static() {
    static ATOMIC: [AtomicCounter; 2] = [AtomicCounter::new(), AtomicCounter::starting_at(5)];
    static LOCKED: [LockedCounter; 2] = [LockedCounter::new(), LockedCounter::starting_at(5)];
    static SHARDED: [ShardedCounter; 2] = [ShardedCounter::new(), ShardedCounter::starting_at(5)];
    let all: [[&dyn Counter; 2]; 3] = [
        ATOMIC.each_ref().map(|counter| counter as _),
        LOCKED.each_ref().map(|counter| counter as _),
        SHARDED.each_ref().map(|counter| counter as _),
    ];
    for [zero, five] in all {
        for (counter, start) in [(zero, 0), (five, 5)] {
            assert_eq!(counter.get(), start);
            thread::spawn(move || counter.add(3)).join().expect("it counts");
            counter.increment();
            assert_eq!(counter.get(), start + 4);
        }
    }
}

#[test]
fn into_inner_returns_the_value() {
    let atomic = AtomicCounter::from(3);
    atomic.increment();
    assert_eq!(atomic.into_inner(), 4);
    let locked = LockedCounter::from(3);
    locked.increment();
    assert_eq!(locked.into_inner(), 4);
    let sharded = ShardedCounter::from(3);
    assert_eq!(ShardedCounter::from(3).into_inner(), 3);
    sharded.increment();
    assert_eq!(sharded.into_inner(), 4);
}

#[test]
fn counters_are_small() {
    assert_eq!(size_of::<AtomicCounter>(), 8);
    assert!(size_of::<LockedCounter>() <= 16);
    assert!(size_of::<ShardedCounter>() <= 24);
}

#[test]
fn bounds_enclose_the_total_and_meet_when_it_is_quiet() {
    let counter = ShardedCounter::from(5);
    assert_eq!(counter.bounds(), 5..=5);
    thread::scope(|scope| {
        let adding = scope.spawn(|| (0..100_000).for_each(|_| counter.increment()));
        while !adding.is_finished() {
            let before = counter.get();
            let bounds = counter.bounds();
            let after = counter.get();
            assert!(before <= *bounds.start(), "{before} {bounds:?}");
            assert!(bounds.start() <= bounds.end(), "{bounds:?}");
            assert!(*bounds.end() <= after, "{bounds:?} {after}");
        }
    });
    assert_eq!(counter.bounds(), 100_005..=100_005);
}

#[test]
fn a_panic_inside_the_critical_section_neither_poisons_nor_loses() {
    let counter = LockedCounter::from(1);
    let panicked = catch_unwind(|| {
        counter.with(|value| {
            value.add(2);
            panic!("inside, on purpose");
        })
    });
    assert!(panicked.is_err());
    assert_eq!(counter.get(), 3);
    assert_eq!(counter.increment_and_get(), 4);
}

#[test]
fn a_critical_section_returns_what_it_read_and_wraps() {
    let counter = LockedCounter::from(u64::MAX);
    let seen = counter.with(|value| {
        let before = value.get();
        value.add(3);
        (before, value.get(), format!("{value:?}"))
    });
    assert_eq!(seen, (u64::MAX, 2, "LockedValue { value: 2 }".to_string()));
}

#[test]
fn debug_inside_the_critical_section_does_not_wait() {
    let counter = LockedCounter::new();
    let printed = counter.with(|_| format!("{counter:?}"));
    assert_eq!(printed, "LockedCounter(<locked>)");
    assert_eq!(format!("{counter:?}"), "LockedCounter(0)");
}

#[test]
fn an_addition_while_a_thread_unwinds_is_counted() {
    struct CountsWhenDropped<'a>(&'a ShardedCounter);
    impl Drop for CountsWhenDropped<'_> {
        fn drop(&mut self) {
            self.0.increment();
        }
    }
    let counter = ShardedCounter::new();
    let unwound = catch_unwind(AssertUnwindSafe(|| {
        let _counts = CountsWhenDropped(&counter);
        panic!("on purpose");
    }));
    assert!(unwound.is_err());
    assert_eq!(counter.get(), 1);
}

#[test]
fn an_up_down_counter_is_exact_when_quiet_and_never_out_of_range_beside_others() {
    static IN_FLIGHT: UpDownCounter = UpDownCounter::new();
    thread::scope(|scope| {
        let busy = [(); 4].map(|()| {
            scope.spawn(|| {
                for _ in 0..20_000 {
                    IN_FLIGHT.add(3);
                    IN_FLIGHT.sub(2);
                    IN_FLIGHT.decrement();
                }
                IN_FLIGHT.increment();
            })
        });
        while !busy.iter().all(thread::ScopedJoinHandle::is_finished) {
            let now = IN_FLIGHT.get();
            assert!((0..=12).contains(&now), "{now}");
        }
    });
    assert_eq!(IN_FLIGHT.get(), 4);
    assert_eq!(format!("{IN_FLIGHT:?}"), "UpDownCounter(4)");
    thread::spawn(|| IN_FLIGHT.sub(10)).join().expect("it counts");
    assert_eq!(IN_FLIGHT.get(), -6);
    let fresh = UpDownCounter::default();
    fresh.add(u64::MAX);
    fresh.add(2);
    assert_eq!(fresh.get(), 1, "it wraps");
    assert_eq!((fresh.to_string(), fresh.into_inner()), ("1".to_string(), 1));
}

#[test]
fn a_guard_counts_until_it_is_dropped_also_by_a_panic() {
    static OPEN: UpDownCounter = UpDownCounter::new();
    let guard = OPEN.track_in_progress();
    let panicked = catch_unwind(|| {
        let _second = OPEN.track_in_progress();
        assert_eq!(OPEN.get(), 2);
        panic!("on purpose");
    });
    assert!(panicked.is_err());
    assert_eq!(OPEN.get(), 1);
    thread::spawn(move || drop(guard)).join().expect("it counts");
    assert_eq!(OPEN.get(), 0);
}

/// A thousand stay in flight beside threads that come and go. What the models show for one look is
/// shown here for the order of magnitude.
#[test]
fn a_gauge_beside_churn_stays_in_range() {
    let gauge = UpDownCounter::new();
    gauge.add(1_000);
    thread::scope(|scope| {
        let churn = [(); 2]
            .map(|()| scope.spawn(|| (0..100_000).for_each(|_| drop(gauge.track_in_progress()))));
        while !churn.iter().all(thread::ScopedJoinHandle::is_finished) {
            let now = gauge.get();
            assert!((0..=1_002).contains(&now), "{now}");
        }
    });
    assert_eq!(gauge.get(), 1_000);
}
