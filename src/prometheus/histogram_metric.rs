use std::borrow::Borrow;
use std::sync::Arc;

use ::prometheus::Result;
use ::prometheus::core::{Collector, Desc, Opts};
use ::prometheus::proto::{MetricFamily, MetricType};

use super::description::Description;
use super::proto::histogram;
use crate::Histogram;

/// A [`Histogram`] as a metric of type histogram: by value, `&'static` or `Arc`.
///
/// The methods are named as those of `prometheus::Histogram`. Buckets, count and sum of a page are
/// of the same observations.
///
/// An observation costs what the histogram's costs. A scrape costs a
/// [`snapshot`](Histogram::snapshot).
///
/// # Examples
///
/// ```
/// use hotcount::{Histogram, prometheus::HistogramMetric};
/// use prometheus::{Opts, Registry, TextEncoder};
///
/// let registry = Registry::new();
/// let histogram = std::sync::Arc::new(Histogram::with_bounds(&[0.1, 1.0])?);
/// let metric = HistogramMetric::new(Opts::new("latency_seconds", "Latency"), histogram.clone())?;
/// registry.register(Box::new(metric))?;
///
/// histogram.observe(0.25);
/// let page = TextEncoder::new().encode_to_string(&registry.gather())?;
/// assert!(page.contains("latency_seconds_bucket{le=\"1\"} 1\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct HistogramMetric<H = Arc<Histogram>> {
    description: Description,
    histogram: H,
}

impl<H: Borrow<Histogram>> HistogramMetric<H> {
    /// Gives `histogram` a name and a help text.
    ///
    /// # Errors
    ///
    /// If a name is not a Prometheus name, if the help is empty, if `opts` has variable labels, or
    /// if a label is named `le`, which is the bound of a bucket.
    pub fn new(opts: Opts, histogram: H) -> Result<Self> {
        Ok(Self { description: Description::of_one(opts, MetricType::HISTOGRAM)?, histogram })
    }

    /// Counts a value, as [`Histogram::observe`] does.
    #[inline]
    pub fn observe(&self, value: f64) {
        self.histogram.borrow().observe(value);
    }
}

impl HistogramMetric {
    /// Registers a histogram in the default registry, as the macro `register_histogram!` does.
    ///
    /// [`Histogram::default`] has the buckets that the macro uses by default.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and if the registry has a metric of this name.
    pub fn register(
        name: impl Into<String>,
        help: impl Into<String>,
        histogram: Histogram,
    ) -> Result<Self> {
        let metric = Self::new(Opts::new(name, help), Arc::new(histogram))?;
        ::prometheus::register(Box::new(metric.clone()))?;
        Ok(metric)
    }
}

impl<H: Borrow<Histogram> + Send + Sync> Collector for HistogramMetric<H> {
    fn desc(&self) -> Vec<&Desc> {
        self.description.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let snapshot = self.histogram.borrow().snapshot();
        self.description.collect(vec![histogram(self.description.const_labels(), &snapshot)])
    }
}
