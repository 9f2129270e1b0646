//! loom's primitives in the shape of `src/sync.rs`.
//!
//! # Where loom loses schedules
//!
//! loom remembers the last access to each atomic. If a thread loads an atomic and then writes it, its
//! own load hides the accesses of other threads before it. loom then skips the schedules in which the
//! write comes before those, and nothing warns (tokio-rs/loom#166 and #392). Four remedies are used:
//!
//! | what is loaded and then written | remedy |
//! |---|---|
//! | a cell, by its row's owner | `owner_load`, a load that loom does not track. loom checks instead that no store is concurrent |
//! | the head of a free list, in `push` | `guess` returns 0 without a load; the compare-and-swap finds the head |
//! | the head of a free list, in `pop` | none needed: only pushes come in between, and they load nothing |
//! | a column's index, the word of a `OnceLock`, a credit | `Watched` and `WatchedU64` make the loads of each thread visible |
//!
//! All other atomics are loom's own. Watching costs executions, so only what needs it is watched.

pub mod thread_locals;

use std::cell::Cell;

pub use crate::watched::Watched as WatchedUsize;
pub use crate::watched_u64::WatchedU64;
pub use loom::sync::MutexGuard;
pub use loom::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
pub use std::sync::atomic::AtomicUsize as Hint;

/// Rows of 2, 6 and 14 cells, places for 15 rows, runs of 1, 2 or 4 columns, two cells of a limit.
pub const fn tuned(_shipped: usize, in_models: usize) -> usize {
    in_models
}

std::thread_local! {
    /// The number of additions after which a counter takes a column. Most models are about rows and
    /// columns, so it is zero unless the model says otherwise.
    pub static WARM_UP: Cell<usize> = const { Cell::new(0) };
}

pub fn chosen(_shipped: usize) -> usize {
    WARM_UP.get()
}

std::thread_local! {
    /// The last execution in which a reader of a group had to look again.
    static PAUSED: Cell<u64> = const { Cell::new(0) };
}

pub fn pause() {
    PAUSED.set(EXECUTION.get());
    loom::thread::yield_now();
}

/// Returns whether a reader of a group had to look again in this execution.
pub fn has_paused() -> bool {
    PAUSED.get() == EXECUTION.get()
}

pub fn zeroed<T: Default>(length: usize) -> Box<[T]> {
    (0..length).map(|_| T::default()).collect()
}

/// A load that loom does not track. It panics if another thread may be storing at the same time.
pub fn owner_load(cell: &AtomicU64) -> u64 {
    // SAFETY: loom checks what this asks for, that no store is concurrent.
    unsafe { cell.unsync_load() }
}

/// The worst guess, without a load.
pub fn guess(_: &AtomicUsize) -> usize {
    0
}

pub struct Mutex<T>(loom::sync::Mutex<T>);

impl<T> Mutex<T> {
    pub fn new(value: T) -> Self {
        Self(loom::sync::Mutex::new(value))
    }

    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap()
    }

    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        self.0.try_lock().ok()
    }

    pub fn into_inner(self) -> T {
        self.0.into_inner().unwrap()
    }
}

/// A value and loom's word that it is there.
pub struct OnceLock<T> {
    ready: WatchedUsize,
    value: std::sync::OnceLock<T>,
}

impl<T> OnceLock<T> {
    pub fn new() -> Self {
        Self { ready: WatchedUsize::new(0), value: std::sync::OnceLock::new() }
    }

    pub fn get(&self) -> Option<&T> {
        (self.ready.load(Ordering::Acquire) == 1).then(|| self.value.get().unwrap())
    }

    /// As the table uses it: under its lock.
    pub fn get_or_init(&self, init: impl FnOnce() -> T) -> &T {
        if self.value.get().is_none() {
            assert!(self.value.set(init()).is_ok());
            self.ready.store(1, Ordering::Release);
        }
        self.value.get().unwrap()
    }
}

macro_rules! const_fn {
    ($(#[$doc:meta])* $vis:vis fn $($rest:tt)*) => {
        $(#[$doc])*
        #[must_use]
        $vis fn $($rest)*
    };
}

macro_rules! array {
    ($element:expr; $length:expr) => {
        std::array::from_fn::<_, $length, _>(|_| $element)
    };
}

/// One instance for each execution, renewed when `explore` starts the next.
macro_rules! process_wide {
    ($(#[$doc:meta])* $vis:vis fn $name:ident() -> &'static $type:ty = $init:expr) => {
        $(#[$doc])*
        $vis fn $name() -> &'static $type {
            std::thread_local! {
                static INSTANCE: std::cell::Cell<Option<(u64, &'static $type)>> =
                    const { std::cell::Cell::new(None) };
            }
            let execution = $crate::sync::EXECUTION.get();
            INSTANCE.get().filter(|(made_in, _)| *made_in == execution).map_or_else(
                || {
                    let instance = &*Box::leak(Box::new($init));
                    INSTANCE.set(Some((execution, instance)));
                    instance
                },
                |(_, instance)| instance,
            )
        }
    };
}

std::thread_local! {
    /// The number of the execution under way; loom's threads all run on one real thread.
    pub static EXECUTION: Cell<u64> = const { Cell::new(0) };
}

pub(crate) use thread_locals::locals as thread_local;
pub use thread_locals::{at_exit, waits_for_an_addition};
pub(crate) use {array, const_fn, process_wide};
