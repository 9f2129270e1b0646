use std::collections::HashMap;
use std::sync::Mutex;

use opentelemetry::KeyValue;
use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, Sum};
use opentelemetry_sdk::metrics::{
    InMemoryMetricExporter, InMemoryMetricExporterBuilder, PeriodicReader, SdkMeterProvider,
    Temporality,
};

use crate::recipe;

/// A provider with the recipe's instruments, and what it has exported.
pub struct Exports {
    provider: SdkMeterProvider,
    exporter: InMemoryMetricExporter,
    totals: Mutex<Totals>,
}

/// Totals by metric and attributes, as a backend has them: deltas are added up.
#[derive(Clone, Default)]
pub struct Totals(HashMap<(String, Vec<KeyValue>), i64>);

impl Exports {
    pub fn start(temporality: Temporality) -> Self {
        let exporter = InMemoryMetricExporterBuilder::new().with_temporality(temporality).build();
        let reader = PeriodicReader::builder(exporter.clone()).build();
        let provider = SdkMeterProvider::builder().with_reader(reader).build();
        recipe::export(&provider.meter("web"));
        Self { provider, exporter, totals: Mutex::default() }
    }

    /// Collects once, and returns the totals so far.
    pub fn collect(&self) -> Totals {
        self.provider.force_flush().expect("it is exported");
        let exports = self.exporter.get_finished_metrics().expect("exports");
        self.exporter.reset();
        let mut totals = self.totals.lock().expect("no test has panicked");
        let metrics = exports.iter().flat_map(|export| export.scope_metrics());
        for metric in metrics.flat_map(|scope| scope.metrics()) {
            let name = metric.name();
            match metric.data() {
                AggregatedMetrics::U64(MetricData::Sum(sum)) => {
                    assert!(sum.is_monotonic(), "{name}");
                    totals.add(name, sum);
                }
                AggregatedMetrics::I64(MetricData::Sum(sum)) => {
                    assert!(!sum.is_monotonic(), "{name}");
                    totals.add(name, sum);
                }
                other => panic!("{name} is {other:?}"),
            }
        }
        totals.clone()
    }
}

impl Totals {
    fn add<T: Copy + TryInto<i64>>(&mut self, name: &str, sum: &Sum<T>) {
        for point in sum.data_points() {
            let mut attributes: Vec<_> = point.attributes().cloned().collect();
            attributes.sort_by(|one, other| one.key.cmp(&other.key));
            let total = self.0.entry((name.into(), attributes)).or_default();
            let value = point.value().try_into().ok().expect("it fits");
            match sum.temporality() {
                Temporality::Delta => *total += value,
                _ => *total = value,
            }
        }
    }

    /// The total of a metric with these attributes, sorted by their keys.
    pub fn get(&self, name: &str, attributes: &[KeyValue]) -> Option<i64> {
        self.0.get(&(name.into(), attributes.to_vec())).copied()
    }
}
