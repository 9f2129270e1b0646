use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::Arc;

use ::prometheus::Result;
use ::prometheus::core::{Collector, Desc, Opts};
use ::prometheus::proto::{MetricFamily, MetricType};

use super::description::Description;
use super::label_values::LabelValues;
use super::labeled_counter::LabeledCounter;
use super::proto::counter;
use crate::keyed::CounterFamily;

/// A [`CounterFamily`] as a metric of type counter with labels: by value, `&'static` or `Arc`.
///
/// Each key is a series of the metric. A key that is removed or swept leaves the page. It starts at
/// zero when it comes back, as a counter does after a restart. The
/// [`overflow`](CounterFamily::overflow) of a family with a limit is on no page: make it a
/// [`CounterMetric`](super::CounterMetric) if you need it.
///
/// An addition costs what the family's costs. A scrape costs a read of every key.
///
/// # Examples
///
/// ```
/// use hotcount::keyed::CounterFamily;
/// use hotcount::prometheus::FamilyMetric;
/// use prometheus::{Opts, Registry, TextEncoder};
///
/// static REQUESTS: CounterFamily<(&str, u16)> = CounterFamily::new();
///
/// let registry = Registry::new();
/// let opts = Opts::new("requests_total", "Requests served");
/// let metric = FamilyMetric::new(opts, ["route", "status"], &REQUESTS, |(route, status)| {
///     [route.to_string(), status.to_string()]
/// })?;
/// registry.register(Box::new(metric))?;
///
/// REQUESTS.increment(&("/index", 200));
/// let page = TextEncoder::new().encode_to_string(&registry.gather())?;
/// assert!(page.contains("requests_total{route=\"/index\",status=\"200\"} 1\n"));
/// # Ok::<(), prometheus::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FamilyMetric<const N: usize, K = LabelValues<N>, F = Arc<CounterFamily<K>>> {
    description: Description,
    family: F,
    values: fn(&K) -> [String; N],
}

impl<const N: usize, K, F> FamilyMetric<N, K, F>
where
    K: Eq + Hash + Send + Sync + 'static,
    F: Borrow<CounterFamily<K>>,
{
    /// Gives a family a name, a help text and the names of its labels. `values` returns the labels'
    /// values for a key, and should return different values for different keys.
    ///
    /// # Errors
    ///
    /// If a name is not a Prometheus name, if two labels have one name, or if the help is empty.
    pub fn new(
        opts: Opts,
        labels: [&str; N],
        family: F,
        values: fn(&K) -> [String; N],
    ) -> Result<Self> {
        let description = Description::of_family(opts, &labels, MetricType::COUNTER)?;
        Ok(Self { description, family, values })
    }
}

impl<const N: usize> FamilyMetric<N> {
    /// Makes a family and registers it in the default registry, as the macro
    /// `register_int_counter_vec!` does.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and if the registry has a metric of this name.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::LazyLock;
    ///
    /// use hotcount::{Counter, prometheus::FamilyMetric};
    ///
    /// static REQUESTS: LazyLock<FamilyMetric<2>> = LazyLock::new(|| {
    ///     FamilyMetric::register("requests_total", "Requests served", ["route", "status"]).unwrap()
    /// });
    ///
    /// REQUESTS.with_label_values(&["/index", "200"]).inc();
    /// let kept = REQUESTS.with_label_values(&["/index", "200"]).bind();
    /// kept.increment();
    /// assert_eq!(REQUESTS.with_label_values(&["/index", "200"]).get(), 2);
    /// ```
    pub fn register(
        name: impl Into<String>,
        help: impl Into<String>,
        labels: [&str; N],
    ) -> Result<Self> {
        let opts = Opts::new(name, help);
        let metric = Self::new(opts, labels, Arc::default(), LabelValues::to_values)?;
        ::prometheus::register(Box::new(metric.clone()))?;
        Ok(metric)
    }

    /// Returns the counter with these label values.
    ///
    /// Each addition hashes the values and looks the counter up in the calling thread's own map.
    /// [`bind`](LabeledCounter::bind) returns a handle that needs no look-up.
    #[must_use]
    pub fn with_label_values<'a, V: AsRef<str>>(
        &'a self,
        values: &'a [V; N],
    ) -> LabeledCounter<'a, N> {
        LabeledCounter::new(&self.family, values)
    }
}

impl<const N: usize, K, F> Collector for FamilyMetric<N, K, F>
where
    K: Eq + Hash + Send + Sync + 'static,
    F: Borrow<CounterFamily<K>> + Send + Sync,
{
    fn desc(&self) -> Vec<&Desc> {
        self.description.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let mut metrics = Vec::new();
        self.family.borrow().for_each(|key, total| {
            let labels = self.description.labels(&(self.values)(key));
            metrics.push(counter(labels, total));
        });
        self.description.collect(metrics)
    }
}
