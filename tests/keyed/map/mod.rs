mod caps;
mod counters;
mod hand_outs;

use std::hash::Hash;

use hotcount::Counter;
use hotcount::keyed::CounterMap;

/// What all keys and the overflow hold together.
fn total<K: Eq + Hash, C: Counter + Default>(map: &CounterMap<K, C>) -> u64 {
    let mut total = map.overflow().get();
    map.for_each(|_, counter| total += counter.get());
    total
}
