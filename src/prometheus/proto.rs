//! The values that the registry collects.

use ::prometheus::proto::{
    Bucket, Counter, Histogram, LabelPair, Metric, MetricFamily, MetricType,
};

use crate::HistogramSnapshot;

pub(super) fn family(
    name: &str,
    help: &str,
    kind: MetricType,
    metrics: Vec<Metric>,
) -> MetricFamily {
    let mut family = MetricFamily::default();
    family.set_name(name.into());
    family.set_help(help.into());
    family.set_field_type(kind);
    family.set_metric(metrics);
    family
}

#[cfg(any(feature = "keyed", feature = "mapped"))]
pub(super) fn label(name: &str, value: &str) -> LabelPair {
    let mut label = LabelPair::default();
    label.set_name(name.into());
    label.set_value(value.into());
    label
}

pub(super) fn counter(labels: Vec<LabelPair>, total: u64) -> Metric {
    let mut counter = Counter::default();
    #[expect(clippy::cast_precision_loss, reason = "the registry's values are f64")]
    counter.set_value(total as f64);
    let mut metric = Metric::from_label(labels);
    metric.set_counter(counter);
    metric
}

pub(super) fn histogram(labels: Vec<LabelPair>, snapshot: &HistogramSnapshot) -> Metric {
    let mut up_to = 0_u64;
    // The registry adds the last bucket, from the count.
    let finite = snapshot.buckets().filter(|(bound, _)| bound.is_finite());
    let buckets = finite.map(|(bound, observations)| {
        up_to = up_to.wrapping_add(observations);
        let mut bucket = Bucket::default();
        bucket.set_upper_bound(bound);
        bucket.set_cumulative_count(up_to);
        bucket
    });
    let mut histogram = Histogram::default();
    histogram.set_bucket(buckets.collect());
    histogram.set_sample_count(snapshot.count());
    histogram.set_sample_sum(snapshot.sum());
    let mut metric = Metric::from_label(labels);
    metric.set_histogram(histogram);
    metric
}
