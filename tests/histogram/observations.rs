//! What is counted, and how the parts of a snapshot agree.

use std::cell::RefCell;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use hotcount::Histogram;
use proptest::prelude::{prop, prop_assert_eq, proptest};

use crate::{counts, histogram, some_bounds};

#[test]
fn a_bucket_counts_up_to_its_bound_and_that_too() {
    let histogram = histogram(&[-1.0, 0.0, 2.5]);
    let values = [f64::MIN, -1.0, -0.5, -0.0, 0.0, 5e-324, 2.5, 2.5 + 1e-15, f64::MAX];
    for value in values {
        histogram.observe(value);
    }
    let snapshot = histogram.snapshot();
    let buckets: Vec<_> = snapshot.buckets().collect();
    assert_eq!(buckets, [(-1.0, 2), (0.0, 3), (2.5, 2), (f64::INFINITY, 2)]);
    assert_eq!(snapshot.count(), 9);
}

proptest! {
    #[test]
    fn every_value_is_in_its_bucket(
        bounds in some_bounds(),
        values in prop::collection::vec(-30.0_f64..30.0, 1..20),
        on_bounds in prop::collection::vec(-100_i32..100, 0..20),
    ) {
        let histogram = histogram(&bounds);
        let on_bounds = on_bounds.into_iter().map(|bound| f64::from(bound) / 4.0);
        let values: Vec<_> = values.into_iter().chain(on_bounds).collect();
        let mut expected = vec![0; bounds.len() + 1];
        for &value in &values {
            histogram.observe(value);
            expected[bounds.iter().filter(|bound| **bound < value).count()] += 1;
        }
        prop_assert_eq!(counts(&histogram.snapshot()), expected);
    }
}

#[test]
fn a_thousand_bounds_count_exactly() {
    let histogram = Histogram::with_linear_bounds(1.0, 1.0, 1_000).expect("they ascend");
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| (0..4_000).for_each(|i| histogram.observe(f64::from(i % 1_001 + 1))));
        }
    });
    let expected = (0..1_001).map(|bucket| if bucket <= 996 { 12 } else { 9 });
    assert_eq!(counts(&histogram.snapshot()), expected.collect::<Vec<_>>());
}

#[test]
fn nan_and_infinity_are_ignored() {
    let histogram = histogram(&[1.0]);
    for value in [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for _ in 0..50 {
            histogram.observe(value);
        }
    }
    let snapshot = histogram.snapshot();
    assert_eq!((snapshot.count(), snapshot.sum()), (0, 0.0));
    histogram.observe(0.5);
    assert_eq!(histogram.snapshot().sum(), 0.5);
}

#[test]
fn a_sum_begins_at_zero_wherever_another_was() {
    for _ in 0..20 {
        let first = histogram(&[1.0, 2.0]);
        let observe = || (0..50).for_each(|_| first.observe(1e300));
        thread::scope(|scope| {
            observe();
            scope.spawn(observe).join().expect("it observes");
        });
        assert_eq!(counts(&first.snapshot()), [0, 0, 100]);
        drop(first);
        let second = histogram(&[1.0, 2.0]);
        let observe = || (0..50).for_each(|_| second.observe(1.0));
        thread::scope(|scope| {
            observe();
            scope.spawn(observe).join().expect("it observes");
        });
        let snapshot = second.snapshot();
        assert_eq!(snapshot.sum(), 100.0);
        assert_eq!(counts(&snapshot), [100, 0, 0]);
    }
}

/// The sum of whole numbers is exact, so it tells whether it is of the same observations.
#[test]
fn snapshots_during_observations_are_whole_and_never_go_back() {
    const OBSERVATIONS: u64 = 50_000;
    let histogram = histogram(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0]);
    let running = AtomicBool::new(true);
    let check = |last: &mut Vec<u64>| {
        let snapshot = histogram.snapshot();
        let now = counts(&snapshot);
        let sum: u64 = now.iter().zip(1..).map(|(&count, value)| count * value).sum();
        assert_eq!(snapshot.sum(), sum as f64, "{snapshot:?}");
        assert_eq!(snapshot.count(), now.iter().sum::<u64>());
        assert!(now.iter().zip(&*last).all(|(now, last)| now >= last), "{now:?} after {last:?}");
        *last = now;
    };
    thread::scope(|scope| {
        let observers = [5, 7, 11].map(|step| {
            let histogram = &histogram;
            scope.spawn(move || {
                for i in 0..OBSERVATIONS {
                    histogram.observe((1 + i * step % 12) as f64);
                }
            })
        });
        let reader = scope.spawn(|| {
            let mut last = vec![0; 12];
            while running.load(Relaxed) {
                check(&mut last);
            }
        });
        observers.into_iter().for_each(|observer| observer.join().expect("it observes"));
        running.store(false, Relaxed);
        reader.join().expect("each snapshot is whole");
    });
    check(&mut vec![0; 12]);
    assert_eq!(histogram.snapshot().count(), 3 * OBSERVATIONS);
}

#[test]
fn an_observation_in_the_destructor_of_a_thread_local_is_counted() {
    static HISTOGRAM: std::sync::LazyLock<Histogram> = std::sync::LazyLock::new(Histogram::default);
    struct ObservesWhenDropped;
    impl Drop for ObservesWhenDropped {
        fn drop(&mut self) {
            HISTOGRAM.observe(2.0);
        }
    }
    thread_local! {
        static LATE: RefCell<Option<ObservesWhenDropped>> = const { RefCell::new(None) };
    }
    let threads = [(); 30].map(|()| {
        thread::spawn(|| {
            LATE.set(Some(ObservesWhenDropped));
            HISTOGRAM.observe(1.0);
        })
    });
    threads.into_iter().for_each(|thread| thread.join().expect("it observes"));
    assert_eq!((HISTOGRAM.snapshot().count(), HISTOGRAM.snapshot().sum()), (60, 90.0));
}

#[test]
fn it_has_the_common_traits() {
    fn has_all<T: Send + Sync + UnwindSafe + RefUnwindSafe + Unpin>(_: &T) {}
    let histogram = histogram(&[1.0]);
    has_all(&histogram);
    has_all(&histogram.snapshot());
    histogram.observe(0.5);
    assert_eq!(
        format!("{histogram:?}"),
        "Histogram(HistogramSnapshot { bounds: [1.0], buckets: [1, 0], sum: 0.5 })"
    );
}
