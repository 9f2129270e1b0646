use std::{fmt, panic::RefUnwindSafe};

use crate::counter::{Counter, FetchAdd};
use crate::locked_value::LockedValue;
use crate::sync::{Mutex, const_fn};

/// A number behind a lock: the counter for steps of more than one addition.
///
/// It is linearizable and takes 16 bytes. Every operation takes the lock, and waits while another
/// thread holds it. A lock that is free costs about as much as two atomic additions. The lock is
/// `parking_lot`'s. A panic inside a critical section does not poison it, and what was added before
/// the panic stays added.
///
/// Do not use it in a signal handler, in a global allocator, or in the child after a `fork`: it may
/// wait there forever. Take an [`AtomicCounter`](crate::AtomicCounter).
///
/// # Examples
///
/// ```
/// use hotcount::{Counter, FetchAdd, LockedCounter};
///
/// static ORDERS: LockedCounter = LockedCounter::new();
///
/// assert_eq!(ORDERS.increment_and_get(), 1);
/// ORDERS.add(4);
/// assert_eq!(ORDERS.get(), 5);
/// ```
pub struct LockedCounter {
    value: Mutex<u64>,
}

impl LockedCounter {
    const_fn! {
        /// A counter that starts at zero.
        pub fn new() -> Self {
            Self::starting_at(0)
        }
    }

    const_fn! {
        /// A counter that starts at `value`.
        ///
        /// ```
        /// use hotcount::{Counter, LockedCounter};
        ///
        /// static ORDERS: LockedCounter = LockedCounter::starting_at(1_000);
        /// ORDERS.increment();
        /// assert_eq!(ORDERS.get(), 1_001);
        /// ```
        pub fn starting_at(value: u64) -> Self {
            Self { value: Mutex::new(value) }
        }
    }

    /// Runs `section` while no other thread can read or add: a critical section.
    ///
    /// It takes the lock once, however many steps `section` has. The lock is released when
    /// `section` returns or panics. There is no guard to keep, so the lock cannot be held over an
    /// `.await`:
    ///
    /// ```compile_fail,E0728
    /// # use hotcount::LockedCounter;
    /// # async fn pause() {}
    /// async fn serve(counter: &LockedCounter) {
    ///     counter.with(|value| value.add(1));
    ///     counter.with(|_| pause().await);
    /// }
    /// ```
    ///
    /// Outside the section, the `.await` compiles:
    ///
    /// ```
    /// # use hotcount::LockedCounter;
    /// # async fn pause() {}
    /// async fn serve(counter: &LockedCounter) {
    ///     counter.with(|value| value.add(1));
    ///     pause().await;
    /// }
    /// ```
    ///
    /// **Using the counter itself inside `section` deadlocks.** Use the [`LockedValue`] that
    /// `section` receives. Only the counter's [`Debug`] is safe there: it prints `<locked>` instead
    /// of waiting.
    ///
    /// # Examples
    ///
    /// This hands out aligned blocks, one after the other:
    ///
    /// ```
    /// use hotcount::{Counter, LockedCounter};
    ///
    /// let end = LockedCounter::from(3);
    /// let block = |size| {
    ///     end.with(|end| {
    ///         let start = end.get().next_multiple_of(8);
    ///         end.add(start - end.get() + size);
    ///         start
    ///     })
    /// };
    /// assert_eq!(block(5), 8);
    /// assert_eq!(block(8), 16);
    /// assert_eq!(end.get(), 24);
    /// ```
    ///
    /// For an upper limit, take a [`LimitedCounter`](crate::LimitedCounter), which also goes down.
    pub fn with<R>(&self, section: impl FnOnce(&mut LockedValue<'_>) -> R) -> R {
        section(&mut LockedValue::new(&mut self.value.lock()))
    }

    /// Returns the value, without locking: no other thread has the counter any more.
    ///
    /// ```
    /// assert_eq!(hotcount::LockedCounter::from(42).into_inner(), 42);
    /// ```
    #[must_use]
    pub fn into_inner(self) -> u64 {
        self.value.into_inner()
    }
}

impl Counter for LockedCounter {
    #[inline]
    fn add(&self, n: u64) {
        self.with(|value| value.add(n));
    }

    #[inline]
    fn get(&self) -> u64 {
        self.with(|value| value.get())
    }
}

impl FetchAdd for LockedCounter {
    #[inline]
    fn fetch_add(&self, n: u64) -> u64 {
        self.with(|value| {
            let before = value.get();
            value.add(n);
            before
        })
    }
}

impl Default for LockedCounter {
    fn default() -> Self {
        Self::new()
    }
}

impl From<u64> for LockedCounter {
    /// A counter that starts at `value`.
    fn from(value: u64) -> Self {
        Self::starting_at(value)
    }
}

impl fmt::Debug for LockedCounter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_tuple("LockedCounter");
        match self.value.try_lock() {
            Some(value) => out.field(&*value),
            None => out.field(&format_args!("<locked>")),
        };
        out.finish()
    }
}

impl fmt::Display for LockedCounter {
    /// Prints what [`get`](Counter::get) returns.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

/// A panic inside a critical section leaves a valid `u64`, so there is no broken state to see.
impl RefUnwindSafe for LockedCounter {}
