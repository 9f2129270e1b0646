//! The values that the registry collects.

use ::prometheus::proto::{Counter, LabelPair, Metric, MetricFamily, MetricType};

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
