//! Observations in buckets, over real threads and random values.
// Sums of few values with few digits are exact.
#![allow(
    missing_docs,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp
)]

use std::cell::RefCell;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use hotcount::{Histogram, HistogramSnapshot, InvalidBounds};
use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};

fn histogram(bounds: &[f64]) -> Histogram {
    Histogram::with_bounds(bounds).expect("they are finite and ascend")
}

fn counts(snapshot: &HistogramSnapshot) -> Vec<u64> {
    snapshot.buckets().map(|(_, count)| count).collect()
}

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
fn bounds_that_cannot_be_are_refused_with_the_reason() {
    let message = |bounds: &[f64]| Histogram::with_bounds(bounds).unwrap_err().to_string();
    let not_finite = "take finite numbers, and leave infinity out, because the last bucket always \
                      reaches there";
    assert_eq!(message(&[1.0, f64::NAN]), format!("bound 1 is NaN: {not_finite}"));
    assert_eq!(message(&[1.0, f64::INFINITY]), format!("bound 1 is inf: {not_finite}"));
    assert_eq!(message(&[f64::NEG_INFINITY]), format!("bound 0 is -inf: {not_finite}"));
    assert_eq!(
        message(&[1.0, 3.0, 2.0]),
        "bound 2 is 2, which is not above bound 1 (3): list each bound once, in ascending order"
    );
    assert_eq!(
        Histogram::with_bounds(&[-0.0, 0.0]).unwrap_err(),
        InvalidBounds::NotAscending { index: 1, bound: 0.0, before: -0.0 }
    );
    let many: Vec<_> = (0..=Histogram::MAX_BOUNDS).map(|i| i as f64).collect();
    assert_eq!(
        message(&many),
        "there are more than 1000 bounds: take fewer, because each has a cell in the row of every \
         thread"
    );
    assert!(Histogram::with_bounds(&many[1..]).is_ok());
    let error: Box<dyn std::error::Error + Send + Sync> = Box::new(InvalidBounds::TooMany);
    assert!(error.source().is_none());
}

#[test]
fn bounds_can_be_made_in_steps() {
    let bounds = |histogram: Histogram| -> Vec<f64> {
        histogram.snapshot().buckets().map(|(bound, _)| bound).collect()
    };
    let linear = Histogram::with_linear_bounds(-1.0, 0.5, 4).expect("they ascend");
    assert_eq!(bounds(linear), [-1.0, -0.5, 0.0, 0.5, f64::INFINITY]);
    let exponential = Histogram::with_exponential_bounds(0.25, 2.0, 4).expect("they ascend");
    assert_eq!(bounds(exponential), [0.25, 0.5, 1.0, 2.0, f64::INFINITY]);
    let default = bounds(Histogram::default());
    assert_eq!(default[..11], Histogram::DEFAULT_BOUNDS);
    let none = Histogram::with_linear_bounds(1.0, 1.0, 0).expect("there is nothing wrong");
    assert_eq!(bounds(none), [f64::INFINITY]);
    for refused in [
        Histogram::with_linear_bounds(1.0, 0.0, 2),
        Histogram::with_linear_bounds(1.0, -1.0, usize::MAX),
        Histogram::with_exponential_bounds(1.0, 1.0, 2),
        Histogram::with_exponential_bounds(0.0, 2.0, usize::MAX),
    ] {
        let error = refused.expect_err("bound 1 is not above bound 0");
        assert!(matches!(error, InvalidBounds::NotAscending { index: 1, .. }), "{error}");
    }
    let endless = Histogram::with_linear_bounds(0.0, 1.0, usize::MAX);
    assert_eq!(endless.expect_err("they are too many"), InvalidBounds::TooMany);
    let overflow = Histogram::with_exponential_bounds(1.0, 1e200, 9).expect_err("it overflows");
    assert!(matches!(overflow, InvalidBounds::NotFinite { index: 2, .. }), "{overflow}");
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
fn a_quantile_without_an_observation_or_out_of_range_is_none() {
    let histogram = histogram(&[1.0]);
    assert_eq!(histogram.snapshot().quantile(0.5), None);
    histogram.observe(0.5);
    for q in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        assert_eq!(histogram.snapshot().quantile(q), None, "{q}");
    }
}

#[test]
fn the_estimate_of_an_open_bucket_is_the_nearest_bound() {
    let quantile = |bounds: &[f64], values: &[f64]| {
        let histogram = histogram(bounds);
        values.iter().for_each(|&value| histogram.observe(value));
        let quantile = histogram.snapshot().quantile(0.5).expect("something was observed");
        (quantile.estimate(), quantile.range(), quantile.error())
    };
    assert_eq!(quantile(&[2.0], &[1.0]), (1.0, f64::NEG_INFINITY..=2.0, f64::INFINITY));
    assert_eq!(quantile(&[-2.0], &[-3.0]), (-2.0, f64::NEG_INFINITY..=-2.0, f64::INFINITY));
    assert_eq!(quantile(&[2.0], &[7.0]), (2.0, 2.0..=f64::INFINITY, f64::INFINITY));
    assert_eq!(quantile(&[], &[1.0, 3.0]), (2.0, f64::NEG_INFINITY..=f64::INFINITY, f64::INFINITY));
}

/// Bounds of every number up to a few more than are compared one by one.
fn some_bounds() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::btree_set(-100_i32..100, 0..50)
        .prop_map(|bounds| bounds.into_iter().map(|bound| f64::from(bound) / 4.0).collect())
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

    #[test]
    fn a_quantile_is_in_its_range_and_within_the_error_of_its_estimate(
        bounds in some_bounds(),
        mut values in prop::collection::vec(-30.0_f64..30.0, 1..60),
        q in 0.0_f64..=1.0,
    ) {
        let histogram = histogram(&bounds);
        values.iter().for_each(|&value| histogram.observe(value));
        values.sort_by(f64::total_cmp);
        let exact = |q: f64| {
            let nth = (q * values.len() as f64).ceil() as usize;
            values[nth.max(1) - 1]
        };
        for q in [0.0, q, 1.0] {
            let quantile = histogram.snapshot().quantile(q).expect("there are observations");
            prop_assert!(quantile.range().contains(&exact(q)), "{quantile:?} {}", exact(q));
            let distance = (quantile.estimate() - exact(q)).abs();
            prop_assert!(distance <= quantile.error(), "{quantile:?} {}", exact(q));
            let in_range = quantile.range().contains(&quantile.estimate());
            prop_assert!(in_range, "{quantile:?}");
        }
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
