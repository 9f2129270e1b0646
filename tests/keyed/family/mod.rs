mod bound_counters;
mod caps;
mod hand_outs;
mod keys;
mod maps_in_use;
mod properties;

use std::hash::Hash;

use hotcount::Counter;
use hotcount::keyed::CounterFamily;

/// What stands under all keys and in the overflow.
fn total<K: Eq + Hash + Send + Sync + 'static>(family: &CounterFamily<K>) -> u64 {
    let mut total = family.overflow().get();
    family.for_each(|_, standing| total += standing);
    total
}
