use std::{fmt, ops::Deref};

use crate::up_down::UpDownCounter;

/// One more on an [`UpDownCounter`], until this guard is dropped.
///
/// It holds any pointer to the counter: a `&'static UpDownCounter`, a shorter reference or an
/// `Arc`. It is not tied to a thread. You can keep it over an `.await`, send it to another thread,
/// and drop it there. A panic drops it as well.
///
/// # Examples
///
/// ```
/// use hotcount::{InProgress, UpDownCounter};
///
/// static JOBS: UpDownCounter = UpDownCounter::new();
///
/// let (first, second) = (InProgress::new(&JOBS), InProgress::new(&JOBS));
/// assert_eq!(JOBS.get(), 2);
/// drop(first);
/// std::thread::spawn(move || drop(second)).join().unwrap();
/// assert_eq!(JOBS.get(), 0);
/// ```
#[must_use = "it stops counting as soon as it is dropped"]
pub struct InProgress<C: Deref<Target = UpDownCounter>> {
    counter: C,
}

impl<C: Deref<Target = UpDownCounter>> InProgress<C> {
    /// Adds 1 to the counter until the guard is dropped.
    #[inline]
    pub fn new(counter: C) -> Self {
        counter.increment();
        Self { counter }
    }
}

impl<C: Deref<Target = UpDownCounter>> Drop for InProgress<C> {
    #[inline]
    fn drop(&mut self) {
        self.counter.decrement();
    }
}

impl<C: Deref<Target = UpDownCounter>> fmt::Debug for InProgress<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProgress").finish_non_exhaustive()
    }
}
