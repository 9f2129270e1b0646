use std::borrow::Borrow;

use ::prometheus::core::{Collector, Desc, Opts};
use ::prometheus::proto::{LabelPair, MetricFamily, MetricType};

use super::description::Description;
use super::proto::{counter, family, label};
use crate::mapped::{CounterView, HELP, OTHERS, Series, families};

/// The counters of a file as metrics of type counter: a [`CounterView`] by value, `&'static` or
/// `Arc`.
///
/// Every counter of the file is on the page, as the [`Series`] that its name stands for. Counters
/// that processes add to the file later are there at the next scrape. A process that ends or is
/// killed changes nothing: its counts are in the file.
///
/// A scrape costs time in proportion to the number of counters, however many processes have counted.
/// As for every metric of the registry, it shows `f64`s: totals above 2<sup>53</sup> are rounded.
///
/// Register one view in a registry. For several files, use a registry for each, with a label:
/// `Registry::new_custom`.
///
/// # Examples
///
/// ```
/// use hotcount::Counter;
/// use hotcount::mapped::{CounterFile, Series};
/// use hotcount::prometheus::ViewMetrics;
/// use prometheus::{Registry, TextEncoder};
///
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("hits.counters");
/// // In the processes that count:
/// let file = CounterFile::open(&path)?;
/// let hits = file.counter(&Series::new("hits_total", &[("path", "/")])?.to_string())?;
/// hits.add(7);
///
/// // In the process that is scraped:
/// let registry = Registry::new();
/// registry.register(Box::new(ViewMetrics::new(CounterFile::open_read_only(&path)?)))?;
/// let page = TextEncoder::new().encode_to_string(&registry.gather())?;
/// assert!(page.contains("# TYPE hits_total counter\nhits_total{path=\"/\"} 7\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ViewMetrics<V = CounterView> {
    view: V,
    /// Stands for all metrics of the file when it is registered.
    description: Description,
}

impl<V: Borrow<CounterView>> ViewMetrics<V> {
    /// Makes metrics of the counters in `view`.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "the name and the help are valid constants")]
    pub fn new(view: V) -> Self {
        let description = Description::of_one(Opts::new(OTHERS, HELP), MetricType::COUNTER);
        Self { view, description: description.expect("constants that are valid") }
    }
}

impl<V: Borrow<CounterView> + Send + Sync> Collector for ViewMetrics<V> {
    fn desc(&self) -> Vec<&Desc> {
        self.description.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let collect = |(metric, values): (String, Vec<_>)| {
            let values = values.iter().map(|(series, total)| counter(labels(series), *total));
            family(&metric, HELP, MetricType::COUNTER, values.collect())
        };
        families(self.view.borrow()).into_iter().map(collect).collect()
    }
}

fn labels(series: &Series) -> Vec<LabelPair> {
    series.labels().iter().map(|(name, value)| label(name, value)).collect()
}
