//! The files of `src/keyed`, over parts that loom sees.

#[path = "../../../src/keyed/bound_counter.rs"]
pub mod bound_counter;
#[path = "../../../src/keyed/counter_family.rs"]
pub mod counter_family;
#[path = "../../../src/keyed/entry.rs"]
mod entry;
#[path = "../../../src/keyed/places.rs"]
mod places;
#[path = "../../../src/keyed/registry.rs"]
mod registry;
#[path = "../../../src/keyed/shards.rs"]
mod shards;
#[path = "../../../src/keyed/thread_maps.rs"]
mod thread_maps;
#[path = "../../../src/keyed/thread_number.rs"]
mod thread_number;

pub use bound_counter::BoundCounter;

/// In the place of `src/keyed/sync.rs`.
mod sync {
    use std::hash::{DefaultHasher, Hash, Hasher};

    pub use loom::sync::MutexGuard as AtomicRefMut;
    pub use loom::sync::atomic::{AtomicBool, AtomicUsize};

    pub const SHARDS: usize = 2;

    /// The same in every execution. Keys 1 and 2 have different locks.
    pub fn hash<Q: Hash + ?Sized>(_seed: u64, key: &Q) -> u64 {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        hasher.finish()
    }

    pub struct AtomicRefCell<T>(crate::sync::Mutex<T>);

    impl<T> AtomicRefCell<T> {
        pub fn new(value: T) -> Self {
            Self(crate::sync::Mutex::new(value))
        }

        pub fn try_borrow_mut(&self) -> Result<AtomicRefMut<'_, T>, ()> {
            self.0.try_lock().ok_or(())
        }
    }
}
