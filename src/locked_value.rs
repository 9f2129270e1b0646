/// The value of a [`LockedCounter`](crate::LockedCounter) inside a critical section. See
/// [`LockedCounter::with`](crate::LockedCounter::with).
///
/// Its operations take no lock, because the section holds it.
///
/// ```
/// let counter = hotcount::LockedCounter::from(2);
/// let doubled = counter.with(|value| {
///     value.add(value.get());
///     value.get()
/// });
/// assert_eq!(doubled, 4);
/// ```
#[derive(Debug)]
pub struct LockedValue<'a> {
    value: &'a mut u64,
}

impl<'a> LockedValue<'a> {
    pub(crate) fn new(value: &'a mut u64) -> Self {
        Self { value }
    }

    /// Returns the value.
    #[must_use]
    #[inline]
    pub fn get(&self) -> u64 {
        *self.value
    }

    /// Adds `n`, wrapping on overflow.
    #[inline]
    pub fn add(&mut self, n: u64) {
        *self.value = self.value.wrapping_add(n);
    }
}
