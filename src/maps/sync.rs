//! What the maps need besides `crate::sync`. The models put parts in its place that loom sees.

pub(super) use atomic_refcell::{AtomicRefCell, AtomicRefMut};

/// The locks of a map: enough that 32 threads at once seldom want the same one.
pub(super) const SHARDS: usize = 64;
