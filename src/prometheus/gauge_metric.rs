use std::borrow::Borrow;
use std::sync::Arc;

use ::prometheus::Result;
use ::prometheus::core::{Collector, Desc, Opts};
use ::prometheus::proto::{self, Metric, MetricFamily, MetricType};

use super::description::Description;
use crate::UpDownCounter;

/// An [`UpDownCounter`] as a metric of type gauge: by value, `&'static` or `Arc`.
///
/// The methods are named as those of `prometheus::IntGauge`. There is no `set`: a count that goes up
/// and down has no such operation.
///
/// A change costs what the counter's costs. A scrape costs a `get`.
///
/// # Examples
///
/// ```
/// use hotcount::UpDownCounter;
/// use hotcount::prometheus::GaugeMetric;
/// use prometheus::{Opts, Registry, TextEncoder};
///
/// static IN_FLIGHT: UpDownCounter = UpDownCounter::new();
///
/// let registry = Registry::new();
/// let metric = GaugeMetric::new(Opts::new("in_flight", "Requests under way"), &IN_FLIGHT)?;
/// registry.register(Box::new(metric))?;
///
/// IN_FLIGHT.increment();
/// let page = TextEncoder::new().encode_to_string(&registry.gather())?;
/// assert!(page.contains("# TYPE in_flight gauge\nin_flight 1\n"));
/// # Ok::<(), prometheus::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct GaugeMetric<C = Arc<UpDownCounter>> {
    description: Description,
    counter: C,
}

impl<C: Borrow<UpDownCounter>> GaugeMetric<C> {
    /// Gives `counter` a name and a help text.
    ///
    /// # Errors
    ///
    /// If a name is not a Prometheus name, if the help is empty, or if `opts` has variable labels,
    /// which only a family can have.
    pub fn new(opts: Opts, counter: C) -> Result<Self> {
        Ok(Self { description: Description::of_one(opts, MetricType::GAUGE)?, counter })
    }

    /// Adds 1.
    #[inline]
    pub fn inc(&self) {
        self.counter.borrow().increment();
    }

    /// Subtracts 1.
    #[inline]
    pub fn dec(&self) {
        self.counter.borrow().decrement();
    }

    /// Adds `n`; subtracts if `n` is below zero.
    #[inline]
    pub fn add(&self, n: i64) {
        if n < 0 {
            self.counter.borrow().sub(n.unsigned_abs());
        } else {
            self.counter.borrow().add(n.unsigned_abs());
        }
    }

    /// Subtracts `n`; adds if `n` is below zero.
    #[inline]
    pub fn sub(&self, n: i64) {
        if n < 0 {
            self.counter.borrow().add(n.unsigned_abs());
        } else {
            self.counter.borrow().sub(n.unsigned_abs());
        }
    }

    /// Returns what is counted now, as [`UpDownCounter::get`] does.
    #[must_use]
    pub fn get(&self) -> i64 {
        self.counter.borrow().get()
    }
}

impl GaugeMetric {
    /// Makes a counter and registers it in the default registry, as the macro
    /// `register_int_gauge!` does.
    ///
    /// For other registries, or with labels, use [`new`](Self::new) and `registry.register`.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and if the registry has a metric of this name.
    pub fn register(name: impl Into<String>, help: impl Into<String>) -> Result<Self> {
        let metric = Self::new(Opts::new(name, help), Arc::default())?;
        ::prometheus::register(Box::new(metric.clone()))?;
        Ok(metric)
    }
}

impl<C: Borrow<UpDownCounter> + Send + Sync> Collector for GaugeMetric<C> {
    fn desc(&self) -> Vec<&Desc> {
        self.description.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let mut metric = Metric::from_label(self.description.const_labels());
        let mut gauge = proto::Gauge::default();
        #[expect(clippy::cast_precision_loss, reason = "the registry's values are f64")]
        gauge.set_value(self.get() as f64);
        metric.set_gauge(gauge);
        self.description.collect(vec![metric])
    }
}
