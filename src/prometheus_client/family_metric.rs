use std::borrow::Borrow;
use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::Arc;

use prometheus_client::encoding::{EncodeLabelSet, EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::{MetricType, TypedMetric};

use crate::keyed::CounterFamily;

/// A [`CounterFamily`] as a metric of type counter with labels: by value, `&'static` or `Arc`.
///
/// The family of `prometheus_client` takes a lock for each look-up and returns a guard of it. Here an
/// addition takes no lock, and the counts are read when the page is encoded.
///
/// The keys are the label sets. A key that is removed or swept leaves the page. It starts at zero
/// when it comes back, as a counter does after a restart. The [`overflow`](CounterFamily::overflow) of
/// a family with a limit is on no page: make it a [`CounterMetric`](super::CounterMetric) if you need
/// it.
///
/// An addition costs what the family's costs. Encoding costs a read of every key.
///
/// # Examples
///
/// ```
/// use hotcount::keyed::CounterFamily;
/// use hotcount::prometheus_client::FamilyMetric;
/// use prometheus_client::encoding::{EncodeLabelSet, text::encode};
/// use prometheus_client::registry::Registry;
///
/// #[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
/// struct Request {
///     route: &'static str,
///     status: u16,
/// }
///
/// static REQUESTS: CounterFamily<Request> = CounterFamily::new();
///
/// let mut registry = Registry::default();
/// registry.register("requests", "Requests served", FamilyMetric::new(&REQUESTS));
///
/// REQUESTS.increment(&Request { route: "/index", status: 200 });
/// let mut page = String::new();
/// encode(&mut page, &registry)?;
/// assert!(page.contains("requests_total{route=\"/index\",status=\"200\"} 1\n"));
/// # Ok::<(), std::fmt::Error>(())
/// ```
pub struct FamilyMetric<K, F = Arc<CounterFamily<K>>> {
    family: F,
    keys: PhantomData<fn(&K)>,
}

impl<K, F: Borrow<CounterFamily<K>>> FamilyMetric<K, F> {
    /// Makes a metric of `family`.
    pub const fn new(family: F) -> Self {
        Self { family, keys: PhantomData }
    }
}

impl<K, F> TypedMetric for FamilyMetric<K, F> {
    const TYPE: MetricType = MetricType::Counter;
}

impl<K, F> EncodeMetric for FamilyMetric<K, F>
where
    K: EncodeLabelSet + Eq + Hash + Send + Sync + 'static,
    F: Borrow<CounterFamily<K>>,
{
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        let mut result = Ok(());
        self.family.borrow().for_each(|labels, total| {
            result = result.and_then(|()| {
                let mut value = encoder.encode_family(labels)?;
                value.encode_counter::<NoLabelSet, _, u64>(&total, None)
            });
        });
        result
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}

impl<K, F: fmt::Debug> fmt::Debug for FamilyMetric<K, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FamilyMetric").field(&self.family).finish()
    }
}
