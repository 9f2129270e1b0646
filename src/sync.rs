//! The primitives of everything else in this crate.
//!
//! `tests/models/sync` has the same names over loom's primitives, so the models check the files
//! of `src/` as they are. Three macros make up for what loom's primitives are not: they cannot be
//! made in a `const fn` (`const_fn`), repeated in an array (`array`), or be a
//! `static` (`process_wide`).

pub(crate) use std::sync::OnceLock;
#[cfg(target_has_atomic = "64")]
pub(crate) use std::sync::atomic::AtomicU64;
pub(crate) use std::sync::atomic::{AtomicUsize, Ordering};
pub(crate) use std::thread_local;

pub(crate) use parking_lot::{Mutex, MutexGuard};
/// This target has no 64-bit atomics: each operation takes a lock for a moment.
#[cfg(not(target_has_atomic = "64"))]
pub(crate) use portable_atomic::AtomicU64;

/// Atomics that a thread loads and then writes. loom would lose schedules, so the models watch them.
pub(crate) type WatchedUsize = AtomicUsize;
pub(crate) type WatchedU64 = AtomicU64;

/// An atomic that orders nothing and decides nothing. The models leave it out.
pub(crate) use std::sync::atomic::AtomicUsize as Hint;

/// A constant of which the models take the second value: few steps have to reach every path there.
pub(crate) const fn tuned(shipped: usize, _in_models: usize) -> usize {
    shipped
}

/// A number that each model chooses.
pub(crate) fn chosen(shipped: usize) -> usize {
    shipped
}

/// Lets another thread run, for which the calling thread waits.
pub(crate) fn pause() {
    std::thread::yield_now();
}

/// Makes a slice of zeros without touching it: the operating system backs what is used.
#[cfg(target_has_atomic = "64")]
pub(crate) fn zeroed<T: bytemuck::Zeroable>(length: usize) -> Box<[T]> {
    bytemuck::zeroed_slice_box(length)
}

/// Makes a slice of zeros.
#[cfg(not(target_has_atomic = "64"))]
pub(crate) fn zeroed<T: Default>(length: usize) -> Box<[T]> {
    (0..length).map(|_| T::default()).collect()
}

/// Loads a cell that only the calling thread writes. loom also checks that this is so.
#[inline]
pub(crate) fn owner_load(cell: &AtomicU64) -> u64 {
    cell.load(Ordering::Relaxed)
}

/// Loads what a compare-and-swap begins with. Any value would be right; the models take 0, because
/// loom would lose schedules after a load.
pub(crate) fn guess(value: &AtomicUsize) -> usize {
    value.load(Ordering::Relaxed)
}

/// A `const fn`. The models leave out the `const`.
macro_rules! const_fn {
    ($(#[$doc:meta])* $vis:vis fn $($rest:tt)*) => {
        $(#[$doc])*
        #[must_use]
        $vis const fn $($rest)*
    };
}

/// An array whose elements are all made by one expression.
macro_rules! array {
    ($element:expr; $length:expr) => {
        [const { $element }; $length]
    };
}

/// A function that returns the process's only instance of a type. The models renew it for each
/// execution.
macro_rules! process_wide {
    ($(#[$doc:meta])* $vis:vis fn $name:ident() -> &'static $type:ty = $init:expr) => {
        $(#[$doc])*
        #[inline]
        $vis fn $name() -> &'static $type {
            static INSTANCE: $type = $init;
            &INSTANCE
        }
    };
}

pub(crate) use {array, const_fn, process_wide};
