//! The files of `src/maps`, over parts that loom sees.

#[path = "../../../src/maps/hashed.rs"]
mod hashed;
#[path = "../../../src/maps/place.rs"]
mod place;
#[path = "../../../src/maps/shards.rs"]
mod shards;
#[path = "../../../src/maps/thread_maps.rs"]
mod thread_maps;
#[path = "../../../src/maps/thread_number.rs"]
mod thread_number;

pub(crate) use hashed::Hashed;
pub(crate) use shards::Shards;
pub(crate) use thread_maps::ThreadMaps;

/// In the place of `src/maps/sync.rs`.
mod sync {
    use std::ops::{Deref, DerefMut};
    use std::sync::MutexGuard;

    use loom::sync::atomic::{
        AtomicBool,
        Ordering::{Acquire, Relaxed, Release},
    };

    pub const SHARDS: usize = 2;

    /// Whether it is borrowed is in an atomic. loom does not explore a `try_lock` that fails.
    pub struct AtomicRefCell<T> {
        is_borrowed: AtomicBool,
        value: std::sync::Mutex<T>,
    }

    impl<T> AtomicRefCell<T> {
        pub fn new(value: T) -> Self {
            Self { is_borrowed: AtomicBool::new(false), value: std::sync::Mutex::new(value) }
        }

        pub fn try_borrow_mut(&self) -> Result<AtomicRefMut<'_, T>, bool> {
            self.is_borrowed.compare_exchange(false, true, Acquire, Relaxed)?;
            let value = self.value.try_lock().expect("it is borrowed once");
            Ok(AtomicRefMut { is_borrowed: &self.is_borrowed, value: Some(value) })
        }
    }

    pub struct AtomicRefMut<'a, T> {
        is_borrowed: &'a AtomicBool,
        value: Option<MutexGuard<'a, T>>,
    }

    impl<T> Deref for AtomicRefMut<'_, T> {
        type Target = T;

        fn deref(&self) -> &T {
            self.value.as_ref().unwrap()
        }
    }

    impl<T> DerefMut for AtomicRefMut<'_, T> {
        fn deref_mut(&mut self) -> &mut T {
            self.value.as_mut().unwrap()
        }
    }

    impl<T> Drop for AtomicRefMut<'_, T> {
        fn drop(&mut self) {
            self.value = None;
            self.is_borrowed.store(false, Release);
        }
    }
}
