//! Quantiles that are estimated, with their error.

use proptest::prelude::{prop, prop_assert, proptest};

use crate::{histogram, some_bounds};

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

proptest! {
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
