//! Observations in buckets, over real threads and random values.
// Sums of few values with few digits are exact.
#![allow(
    missing_docs,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp
)]

mod bounds;
mod observations;
mod quantiles;

use hotcount::{Histogram, HistogramSnapshot};
use proptest::prelude::{Strategy, prop};

fn histogram(bounds: &[f64]) -> Histogram {
    Histogram::with_bounds(bounds).expect("they are finite and ascend")
}

fn counts(snapshot: &HistogramSnapshot) -> Vec<u64> {
    snapshot.buckets().map(|(_, count)| count).collect()
}

/// Bounds of every number up to a few more than are compared one by one.
fn some_bounds() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::btree_set(-100_i32..100, 0..50)
        .prop_map(|bounds| bounds.into_iter().map(|bound| f64::from(bound) / 4.0).collect())
}
