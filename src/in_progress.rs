use crate::up_down::UpDownCounter;

/// One more in progress, until this guard is dropped. See [`UpDownCounter::track_in_progress`].
///
/// ```
/// use hotcount::UpDownCounter;
///
/// let jobs = UpDownCounter::new();
/// let (first, second) = (jobs.track_in_progress(), jobs.track_in_progress());
/// assert_eq!(jobs.get(), 2);
/// drop((first, second));
/// assert_eq!(jobs.get(), 0);
/// ```
#[derive(Debug)]
#[must_use = "it stops counting as soon as it is dropped"]
pub struct InProgress<'a> {
    counter: &'a UpDownCounter,
}

impl<'a> InProgress<'a> {
    /// Counts one more.
    #[inline]
    pub(crate) fn new(counter: &'a UpDownCounter) -> Self {
        counter.increment();
        Self { counter }
    }
}

impl Drop for InProgress<'_> {
    #[inline]
    fn drop(&mut self) {
        self.counter.decrement();
    }
}
