use std::collections::BTreeMap;

use super::{CounterView, Series};

/// The help text of every metric of a file: a file keeps none.
pub(crate) const HELP: &str = "Counted in a counter file.";

/// The values of a file's counters, by the metrics that their series belong to.
pub(crate) fn families(view: &CounterView) -> BTreeMap<String, Vec<(Series, u64)>> {
    let mut families = BTreeMap::<_, Vec<_>>::new();
    for (name, value) in view.iter() {
        let series = Series::of_counter(&name);
        families.entry(series.metric().to_owned()).or_default().push((series, value));
    }
    families
}
