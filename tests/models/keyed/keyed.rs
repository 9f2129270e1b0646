//! The files of `src/keyed`, over parts that loom sees.

#[path = "../../../src/keyed/bound_counter.rs"]
pub mod bound_counter;
#[path = "../../../src/keyed/counter_family/mod.rs"]
pub mod counter_family;
#[path = "../../../src/keyed/entry.rs"]
mod entry;
#[path = "../../../src/keyed/places.rs"]
mod places;
#[path = "../../../src/keyed/registry.rs"]
mod registry;
#[path = "../../../src/keyed/slot.rs"]
mod slot;

pub use bound_counter::BoundCounter;

/// In the place of `src/keyed/sync.rs`.
mod sync {
    use std::hash::{Hash, Hasher};

    use crate::sync::Ordering::{self, Relaxed};
    use crate::sync::WatchedUsize;
    pub use loom::sync::atomic::AtomicBool;

    /// The same in every execution. Keys 1 and 2 have different locks, which bit 32 chooses.
    pub fn hash<Q: Hash + ?Sized>(_seed: u64, key: &Q) -> u64 {
        let mut hasher = Sum(0);
        key.hash(&mut hasher);
        hasher.finish()
    }

    struct Sum(u64);

    impl Hasher for Sum {
        fn write(&mut self, bytes: &[u8]) {
            self.0 += bytes.iter().copied().map(u64::from).sum::<u64>();
        }

        fn finish(&self) -> u64 {
            self.0 << 32 | self.0
        }
    }

    /// Watched, because a thread loads it and then exchanges it.
    pub struct AtomicUsize(WatchedUsize);

    impl AtomicUsize {
        pub fn new(value: usize) -> Self {
            Self(WatchedUsize::new(value))
        }

        pub fn load(&self, order: Ordering) -> usize {
            self.0.load(order)
        }

        pub fn fetch_update(
            &self,
            success: Ordering,
            failure: Ordering,
            mut update: impl FnMut(usize) -> Option<usize>,
        ) -> Result<usize, usize> {
            let mut value = self.0.load(failure);
            while let Some(new) = update(value) {
                match self.0.compare_exchange(value, new, success, failure) {
                    Ok(value) => return Ok(value),
                    Err(now) => value = now,
                }
            }
            Err(value)
        }

        pub fn fetch_sub(&self, n: usize, order: Ordering) -> usize {
            self.fetch_update(order, Relaxed, |value| Some(value - n)).unwrap()
        }
    }
}
