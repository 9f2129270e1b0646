//! A count that goes up and down, and its guard.

use std::panic::catch_unwind;
use std::thread;

use hotcount::{InProgress, UpDownCounter};

#[test]
fn an_up_down_counter_is_exact_when_quiet_and_never_out_of_range_while_others_count() {
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
    let guard = InProgress::new(&OPEN);
    let panicked = catch_unwind(|| {
        let _second = InProgress::new(&OPEN);
        assert_eq!(OPEN.get(), 2);
        panic!("on purpose");
    });
    assert!(panicked.is_err());
    assert_eq!(OPEN.get(), 1);
    thread::spawn(move || drop(guard)).join().expect("it counts");
    assert_eq!(OPEN.get(), 0);
}

/// A thousand stay in flight while threads come and go. What the models show for one look is
/// shown here for the order of magnitude.
#[test]
fn a_gauge_during_churn_stays_in_range() {
    let gauge = UpDownCounter::new();
    gauge.add(1_000);
    thread::scope(|scope| {
        let churn = [(); 2]
            .map(|()| scope.spawn(|| (0..100_000).for_each(|_| drop(InProgress::new(&gauge)))));
        while !churn.iter().all(thread::ScopedJoinHandle::is_finished) {
            let now = gauge.get();
            assert!((0..=1_002).contains(&now), "{now}");
        }
    });
    assert_eq!(gauge.get(), 1_000);
}
