use std::borrow::Borrow;
use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;

use crate::mapped::{CounterView, HELP, families};

/// The counters of a file as metrics of type counter: a [`CounterView`] by value, `&'static` or
/// `Arc`.
///
/// Every counter of the file is on the page, as the [`Series`](crate::mapped::Series)
/// that its name stands for. Counters that processes add to the file later are there at the next
/// scrape. A process that ends or is killed changes nothing: its counts are in the file.
///
/// A scrape costs time in proportion to the number of counters, however many processes have counted.
///
/// For several files in one registry, give each a label: `Registry::sub_registry_with_label`.
///
/// # Examples
///
/// ```
/// use hotcount::Counter;
/// use hotcount::mapped::{CounterFile, Series};
/// use hotcount::prometheus_client::ViewMetrics;
/// use prometheus_client::{encoding::text::encode, registry::Registry};
///
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("hits.counters");
/// // In the processes that count:
/// let file = CounterFile::open(&path)?;
/// let hits = file.counter(&Series::new("hits_total", &[("path", "/")])?.to_string())?;
/// hits.add(7);
///
/// // In the process that is scraped:
/// let mut registry = Registry::default();
/// let view = CounterFile::open_read_only(&path)?;
/// registry.register_collector(Box::new(ViewMetrics::new(view)));
/// let mut page = String::new();
/// encode(&mut page, &registry)?;
/// assert!(page.contains("# TYPE hits counter\nhits_total{path=\"/\"} 7\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ViewMetrics<V = CounterView>(V);

impl<V: Borrow<CounterView>> ViewMetrics<V> {
    /// Makes metrics of the counters in `view`.
    #[must_use]
    pub const fn new(view: V) -> Self {
        Self(view)
    }
}

impl<V> Collector for ViewMetrics<V>
where
    V: Borrow<CounterView> + fmt::Debug + Send + Sync + 'static,
{
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        for (metric, values) in families(self.0.borrow()) {
            // The encoder adds it again: in OpenMetrics it belongs to the value, not to the name.
            let name = metric.strip_suffix("_total").unwrap_or(&metric);
            let mut metric = encoder.encode_descriptor(name, HELP, None, MetricType::Counter)?;
            for (series, total) in values {
                let labels = series.labels();
                if labels.is_empty() {
                    metric.encode_counter::<NoLabelSet, _, u64>(&total, None)?;
                } else {
                    let mut value = metric.encode_family(&labels)?;
                    value.encode_counter::<NoLabelSet, _, u64>(&total, None)?;
                }
            }
        }
        Ok(())
    }
}
