use std::{fmt, ops::Deref};

use super::counter::LimitedCounter;

/// An amount that a [`LimitedCounter`] has granted. Dropping the permit gives it back.
///
/// It holds any pointer to the counter: a `&'static LimitedCounter`, a shorter reference or an
/// `Arc`. It is not tied to a thread. You can keep it over an `.await`, send it to another thread,
/// and drop it there. A panic drops it as well.
///
/// A permit that is forgotten with [`std::mem::forget`] does not give its amount back. A
/// [`sub`](LimitedCounter::sub) can do that later.
///
/// # Examples
///
/// ```
/// use hotcount::{LimitedCounter, Permit};
///
/// static CONNECTIONS: LimitedCounter = LimitedCounter::new(1);
///
/// let permit = Permit::try_new(&CONNECTIONS, 1).expect("the first connection");
/// assert!(Permit::try_new(&CONNECTIONS, 1).is_none());
///
/// std::thread::spawn(move || drop(permit)).join().unwrap();
/// assert!(Permit::try_new(&CONNECTIONS, 1).is_some());
/// ```
#[must_use = "a permit that is not kept gives its amount back at once"]
pub struct Permit<C: Deref<Target = LimitedCounter>> {
    counter: C,
    amount: u64,
}

impl<C: Deref<Target = LimitedCounter>> Permit<C> {
    /// Adds `amount` to the counter until the permit is dropped. Returns `None` if the counter
    /// refuses.
    ///
    /// Costs a [`try_add`](LimitedCounter::try_add).
    pub fn try_new(counter: C, amount: u64) -> Option<Self> {
        counter.try_add(amount).then(|| Self { counter, amount })
    }

    /// Returns the amount that is given back when the permit is dropped.
    #[must_use]
    pub fn amount(&self) -> u64 {
        self.amount
    }

    /// Changes the amount in one step, or returns `false` and changes nothing, if the count would
    /// exceed the limit. A smaller amount is always granted.
    ///
    /// ```
    /// use hotcount::{LimitedCounter, Permit};
    ///
    /// let bytes = LimitedCounter::new(100);
    /// let mut buffer = Permit::try_new(&bytes, 80).expect("room");
    /// assert!(!buffer.try_resize(101));
    /// assert!(buffer.try_resize(90));
    /// assert_eq!(bytes.get(), 90);
    /// drop(buffer);
    /// assert_eq!(bytes.get(), 0);
    /// ```
    #[must_use = "the change may be refused"]
    pub fn try_resize(&mut self, amount: u64) -> bool {
        let granted = self.counter.try_change(amount, self.amount);
        if granted {
            self.amount = amount;
        }
        granted
    }
}

impl<C: Deref<Target = LimitedCounter>> Drop for Permit<C> {
    fn drop(&mut self) {
        self.counter.sub(self.amount);
    }
}

impl<C: Deref<Target = LimitedCounter>> fmt::Debug for Permit<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").field("amount", &self.amount).finish_non_exhaustive()
    }
}
