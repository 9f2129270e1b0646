//! What counting under keys needs besides `crate::sync`. The models put parts in its place that loom
//! sees, and that do the same in every execution.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::SharedSeed;
use foldhash::fast::{FoldHasher, RandomState};
pub(super) use std::sync::atomic::{AtomicBool, AtomicUsize};

/// Hashes with foldhash, which takes a fraction of the time of std's hasher for short keys. Keys come
/// from outside, so it is keyed at random, by the process and by `seed`.
#[inline]
pub(super) fn hash<Q: Hash + ?Sized>(seed: u64, key: &Q) -> u64 {
    let mut hasher = FoldHasher::with_seed(seed, SharedSeed::global_random());
    key.hash(&mut hasher);
    hasher.finish()
}

/// A seed for another map.
pub(super) fn seed() -> u64 {
    RandomState::default().hash_one(())
}
