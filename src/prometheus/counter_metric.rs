use std::sync::Arc;

use ::prometheus::Result;
use ::prometheus::core::{Collector, Desc, Opts};
use ::prometheus::proto::{MetricFamily, MetricType};

use super::description::Description;
use super::proto::counter;
use crate::{Counter, ShardedCounter};

/// Any [`Counter`] as a metric of type counter: by value, `&'static` or `Arc`.
///
/// The methods are named as those of `prometheus::IntCounter`, so that a program that changes the
/// type of its metrics keeps the lines that count. There is no `reset`: use a
/// [`Cursor`](crate::Cursor) to read windows.
///
/// An addition costs what the counter's costs. A scrape costs a `get`. As with every metric of the
/// registry, a scrape shows an `f64`: totals above 2<sup>53</sup> are rounded.
///
/// # Examples
///
/// ```
/// use hotcount::prometheus::CounterMetric;
/// use hotcount::{Counter, ShardedCounter};
/// use prometheus::{Opts, Registry, TextEncoder};
///
/// static HITS: ShardedCounter = ShardedCounter::new();
///
/// let registry = Registry::new();
/// let metric = CounterMetric::new(Opts::new("hits_total", "Pages served"), &HITS)?;
/// registry.register(Box::new(metric))?;
///
/// HITS.add(2);
/// let page = TextEncoder::new().encode_to_string(&registry.gather())?;
/// assert!(page.contains("# TYPE hits_total counter\nhits_total 2\n"));
/// # Ok::<(), prometheus::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct CounterMetric<C = Arc<ShardedCounter>> {
    description: Description,
    counter: C,
}

impl<C: Counter> CounterMetric<C> {
    /// Gives `counter` a name and a help text.
    ///
    /// # Errors
    ///
    /// If a name is not a Prometheus name, if the help is empty, or if `opts` has variable labels,
    /// which only a family can have.
    pub fn new(opts: Opts, counter: C) -> Result<Self> {
        Ok(Self { description: Description::of_one(opts, MetricType::COUNTER)?, counter })
    }

    /// Adds 1.
    #[inline]
    pub fn inc(&self) {
        self.counter.increment();
    }

    /// Adds `n`, wrapping on overflow.
    #[inline]
    pub fn inc_by(&self, n: u64) {
        self.counter.add(n);
    }

    /// Returns the total, as [`Counter::get`] does.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.counter.get()
    }
}

impl CounterMetric {
    /// Makes a counter and registers it in the default registry, as the macro
    /// `register_int_counter!` does.
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

impl<C: Counter> Collector for CounterMetric<C> {
    fn desc(&self) -> Vec<&Desc> {
        self.description.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let metric = counter(self.description.const_labels(), self.counter.get());
        self.description.collect(vec![metric])
    }
}
