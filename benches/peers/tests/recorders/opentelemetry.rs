use metrics_exporter_opentelemetry::Recorder;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};

use super::backend::{Backend, BoxedRecorder};

/// The exports of an OpenTelemetry provider, cumulative.
pub struct Exports(SdkMeterProvider, InMemoryMetricExporter);

impl Backend for Exports {
    fn start() -> (BoxedRecorder, Self) {
        let exporter = InMemoryMetricExporter::default();
        let reader = PeriodicReader::builder(exporter.clone()).build();
        let (provider, recorder) =
            Recorder::builder("test").with_meter_provider(|b| b.with_reader(reader)).build();
        (Box::new(recorder), Self(provider, exporter))
    }

    fn total(&self) -> u64 {
        self.1.reset();
        self.0.force_flush().expect("it is exported");
        let exports = self.1.get_finished_metrics().expect("exports");
        let metrics = exports.iter().flat_map(|export| export.scope_metrics());
        let points = metrics.flat_map(|scope| scope.metrics()).flat_map(|metric| {
            assert_eq!(metric.name(), "hits_total");
            let AggregatedMetrics::U64(MetricData::Sum(sum)) = metric.data() else {
                panic!("{metric:?} is no sum");
            };
            sum.data_points()
        });
        points.map(|point| point.value()).sum()
    }
}
