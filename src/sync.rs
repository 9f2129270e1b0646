//! The primitives of everything else in this crate.
//!
//! `tests/models/sync` has the same names over loom's primitives, so the models check the files
//! of `src/` as they are. Three macros are here because of what loom's primitives cannot do:
//!
//! - A `const fn` cannot make them: `const_fn`.
//! - An array expression cannot repeat them: `array`.
//! - They cannot be a `static`: `process_wide`.

pub(crate) use std::sync::OnceLock;
#[cfg(target_has_atomic = "64")]
pub(crate) use std::sync::atomic::AtomicU64;
pub(crate) use std::sync::atomic::{AtomicUsize, Ordering};
pub(crate) use std::thread_local;

pub(crate) use parking_lot::{Mutex, MutexGuard};
/// This target has no 64-bit atomics, so each operation takes a lock for a moment.
#[cfg(not(target_has_atomic = "64"))]
pub(crate) use portable_atomic::AtomicU64;

/// Atomics that a thread loads and then writes. loom would lose schedules, so the models watch
/// them.
pub(crate) type WatchedUsize = AtomicUsize;
pub(crate) type WatchedU64 = AtomicU64;

/// An atomic that orders nothing: it is written under a lock, and read elsewhere only as a hint.
/// loom does not track it.
pub(crate) use std::sync::atomic::AtomicUsize as Hint;

/// A constant. The models take the second value, so that few steps reach every path.
pub(crate) const fn tuned(shipped: usize, _in_models: usize) -> usize {
    shipped
}

/// A number for which each model chooses its own value.
pub(crate) fn chosen(shipped: usize) -> usize {
    shipped
}

/// Lets another thread run. The calling thread waits for it.
pub(crate) fn pause() {
    std::thread::yield_now();
}

/// Makes a slice of zeros without touching it. The operating system backs a page when it is first
/// used.
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

/// Returns the value that a compare-and-swap expects at first. Any value would be right. The models
/// take 0, because loom would lose schedules after a load.
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

/// A function that returns the only instance of a type in the process. The models make a new one
/// for each execution.
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
