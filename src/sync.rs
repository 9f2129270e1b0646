//! The primitives of everything else in this crate.
//!
//! `tests/models/sync.rs` has the same names over loom's primitives, so the models check the files
//! of `src/` as they are. Three macros make up for what loom's primitives are not: they cannot be
//! made in a `const fn` (`const_fn`), repeated in an array (`array`), or be a
//! `static` (`process_wide`).

pub(crate) use std::sync::OnceLock;
#[cfg(target_has_atomic = "64")]
pub(crate) use std::sync::atomic::AtomicU64;
pub(crate) use std::sync::atomic::{AtomicUsize, Ordering};
pub(crate) use std::thread_local;

use crossbeam_utils::CachePadded;
pub(crate) use parking_lot::{Mutex, MutexGuard};
/// This target has no 64-bit atomics: each operation takes a lock for a moment.
#[cfg(not(target_has_atomic = "64"))]
pub(crate) use portable_atomic::AtomicU64;

/// Atomics that a thread loads and then writes. loom would lose schedules, so the models watch them.
pub(crate) type WatchedUsize = AtomicUsize;
pub(crate) type WatchedU64 = AtomicU64;

/// An atomic that orders nothing and decides nothing. The models leave it out.
pub(crate) use std::sync::atomic::AtomicUsize as Hint;

/// The size of the memory that two threads should not share: on x86-64 the pair of cache lines that
/// it prefetches. The models take less, so that rows grow early.
pub(crate) const LINE: usize = align_of::<CachePadded<u64>>();

/// Segments of the table, each twice as long as the one before. The models have few rows.
pub(crate) const SEGMENTS: usize = usize::BITS as usize;

/// Classes of rows by their length. The longest row of the last one has 4.8 million cells.
pub(crate) const CLASSES: usize = 7;

/// How many times longer the rows of the next class are.
pub(crate) const GROWTH: usize = 8;

/// Free runs of columns are kept by the binary logarithm of their length, up to 2<sup>15</sup>.
pub(crate) const RUN_SIZES: usize = 16;

/// The number of additions after which a counter takes a column. Then they have cost about as much
/// as a column does, whose former sum is read from `rows` rows.
pub(crate) fn warm_up(rows: usize) -> usize {
    16 + rows / 16
}

/// How often the reader of a group looks again before it keeps writers out. The models do that at
/// once.
pub(crate) const LOOKS: u32 = 16;

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

/// A limit is worth spreading when each cell could have this many times the amount asked for. The
/// models spread early.
pub(crate) const WORTH_SPREADING: u64 = 16;

/// The cores that the process may use. The models have few.
pub(crate) fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    // The system is asked once: its answer takes microseconds.
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
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
