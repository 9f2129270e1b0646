//! Bounds that are checked, and that are made in steps.

use hotcount::{Histogram, InvalidBounds};

#[test]
fn bounds_that_cannot_be_are_refused_with_the_reason() {
    let message = |bounds: &[f64]| Histogram::with_bounds(bounds).unwrap_err().to_string();
    let not_finite = "take finite numbers, and leave infinity out, because the last bucket always \
                      ends at infinity";
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

/// Sets of bounds that the search treats in different ways: few or many in an octave, over all
/// exponents, with negative ones, with none.
fn sets() -> Vec<Vec<f64>> {
    let steps = |n: i32, step: f64| (0..n).map(|i| f64::from(i) * step).collect::<Vec<_>>();
    let powers = |range: std::ops::RangeInclusive<i32>| range.map(|i| 2_f64.powi(i));
    vec![
        vec![],
        vec![1.0],
        vec![f64::MIN_POSITIVE, f64::MAX],
        vec![5e-324, 1e-310, 1e-300, 1.0, 1e300],
        Histogram::DEFAULT_BOUNDS.to_vec(),
        powers(-400..=400).collect(),
        powers(-8..=8).flat_map(|x| [x, 1.1 * x, 1.2 * x, 1.3 * x, 1.6 * x]).collect(),
        powers(-8..=8).flat_map(|x| [1.0, 1.1, 1.2, 1.3, 1.4].map(|y| x * y)).collect(),
        steps(1_000, 0.001),
        steps(5, 1.0),
        vec![-2.0, -1.0, 0.5, 1.0],
        vec![-0.0, 1.0],
    ]
}

#[test]
fn a_value_at_or_next_to_a_bound_is_in_its_bucket() {
    for bounds in sets() {
        let mut values = vec![0.0, -0.0, 5e-324, f64::MIN, f64::MAX, 1.0, -1.0, 0.3];
        for bound in &bounds {
            let nearby =
                [-1, 0, 1].map(|by| f64::from_bits(bound.to_bits().wrapping_add_signed(by)));
            values.extend(nearby.into_iter().filter(|value| value.is_finite()));
        }
        for value in values {
            let histogram = crate::histogram(&bounds);
            histogram.observe(value);
            let mut expected = vec![0; bounds.len() + 1];
            expected[bounds.iter().filter(|bound| **bound < value).count()] = 1;
            assert_eq!(crate::counts(&histogram.snapshot()), expected, "{value} in {bounds:?}");
        }
    }
}
