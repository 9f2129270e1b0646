use std::{fmt, panic::RefUnwindSafe};

use super::room::Room;
use crate::sync::const_fn;

/// A count that goes up and down and never exceeds a limit: connections, seats, bytes, quotas.
///
/// [`try_add`](Self::try_add) adds or refuses, and [`sub`](Self::sub) gives back. No operation
/// waits for room. To wait, use a semaphore such as tokio's. A [`Permit`](super::Permit) gives its
/// amount back when it is dropped.
///
/// It is not a [`Counter`](crate::Counter), because a counter only goes up and never refuses.
///
/// # The contract
///
/// The *count* is the sum of all granted additions minus the sum of all subtractions.
///
/// 1. **The limit holds.** An addition is granted only if the count stays within the limit.
/// 2. **A refusal is exact.** An addition is refused only if, at some moment between its call and
///    its return, the count was too high for it. An addition finds all units that other threads
///    gave back.
/// 3. **One total order.** The counter is linearizable: each operation takes effect at one moment
///    between its call and its return. Stated without a clock: there is one order of all operations
///    that agrees with happens-before, and each operation returns what it would return if they ran
///    one after the other in this order.
/// 4. **Published.** An operation happens before the return of each [`get`](Self::get) and each
///    refusal that counts it. A subtraction happens before the return of each grant that needs its
///    room. With a limit of 1, `try_add(1)` and `sub(1)` can therefore guard data like a lock.
/// 5. **Never panics.** No operation panics or wraps, in any build.
///
/// # How does it work
///
/// At first all free units are in one atomic word. When threads contend for this word and many
/// units are free, the counter spreads the units over cells. There are two cells for each core, in
/// cache lines of their own. A thread then takes units from its cell and gives them back to it. It
/// takes a lock only to refill the cell. Near the limit the counter closes the cells, and all units
/// are in the one word again.
///
/// # Cost
///
/// - Far from the limit: one compare-and-swap, on a cache line that other threads rarely use.
/// - Near the limit: one compare-and-swap on a word that all threads share. A refusal there is one
///   load.
/// - A refill of a cell and a switch between word and cells take a lock. A switch also writes each
///   cell. Shares and thresholds are chosen so that both are rare. A thread that needs the lock
///   waits for the thread that holds it, also while the system has suspended that thread.
/// - Memory: 80 bytes. After the first contention far from the limit, also two cells for each core,
///   rounded up to a power of two. On x86-64 and aarch64 a cell takes 128 bytes.
///
/// # Where not to use it
///
/// - In a signal handler or a global allocator. An operation there may wait for a lock that the
///   interrupted code holds.
/// - In the child after a `fork` without `exec`. A thread that was not copied may hold the lock.
///
/// # Examples
///
/// ```
/// use hotcount::LimitedCounter;
///
/// static BYTES_IN_USE: LimitedCounter = LimitedCounter::new(1_000);
///
/// assert!(BYTES_IN_USE.try_add(600));
/// assert!(!BYTES_IN_USE.try_add(600));
/// assert_eq!(BYTES_IN_USE.get(), 600);
///
/// BYTES_IN_USE.sub(200);
/// assert!(BYTES_IN_USE.try_add(600));
/// assert_eq!(BYTES_IN_USE.get(), 1_000);
/// ```
pub struct LimitedCounter {
    pub(crate) room: Room,
}

impl LimitedCounter {
    const_fn! {
        /// A counter that stands at zero and grants up to `limit`.
        pub fn new(limit: u64) -> Self {
            Self { room: Room::new(limit) }
        }
    }

    /// Adds `n` and returns `true`, or returns `false` and changes nothing, if the count would
    /// exceed the limit.
    ///
    /// Adding 0 is always granted.
    ///
    /// ```
    /// let seats = hotcount::LimitedCounter::new(2);
    /// assert!(seats.try_add(2));
    /// assert!(!seats.try_add(1));
    /// assert!(!seats.try_add(u64::MAX));
    /// ```
    #[must_use = "the addition may be refused"]
    #[inline]
    pub fn try_add(&self, n: u64) -> bool {
        self.try_change(n, 0)
    }

    /// Subtracts `n`, which gives it back. Any thread may do so, not only the one that added.
    ///
    /// Subtract only what was added. If you subtract more, the counter does not detect the mistake.
    /// The count is then below zero, and [`get`](Self::get) reads 0. The counter grants as much
    /// more before it reaches the limit.
    ///
    /// ```
    /// let seats = hotcount::LimitedCounter::new(2);
    /// seats.sub(1); // nothing was added
    /// assert_eq!(seats.get(), 0);
    /// assert!(seats.try_add(3));
    /// assert_eq!(seats.get(), 2);
    /// ```
    #[inline]
    pub fn sub(&self, n: u64) {
        self.room.give(n);
    }

    /// Adds `add` and subtracts `sub` in one step, or returns `false` and changes nothing, if the
    /// count would exceed the limit.
    ///
    /// Two steps are wrong in either order. If you subtract first, another thread may take the
    /// units before you add. If you add first, the counter may refuse, although the count after
    /// both steps would be within the limit. A change that does not raise the count is always
    /// granted.
    ///
    /// ```
    /// let bytes = hotcount::LimitedCounter::new(100);
    /// assert!(bytes.try_add(80));
    /// assert!(bytes.try_change(90, 80)); // 80 bytes become 90
    /// assert!(!bytes.try_change(101, 90));
    /// assert_eq!(bytes.get(), 90);
    /// ```
    #[must_use = "the change may be refused"]
    #[inline]
    pub fn try_change(&self, add: u64, sub: u64) -> bool {
        if let Some(more) = add.checked_sub(sub).filter(|&more| more > 0) {
            return self.room.take(more);
        }
        if add < sub {
            self.room.give(sub - add);
        }
        true
    }

    /// Returns the count.
    ///
    /// It is never above the limit, except after the limit was [lowered](Self::set_limit) below the
    /// count. A `get` takes the lock and collects all units. Other threads wait meanwhile. Use
    /// `get` for statistics. To decide whether there is room, call [`try_add`](Self::try_add).
    #[must_use]
    pub fn get(&self) -> u64 {
        let out = self.room.exactly(|kept| i128::from(kept.limit) - kept.units);
        u64::try_from(out.max(0)).unwrap_or(u64::MAX)
    }

    /// Returns the limit.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.room.limit()
    }

    /// Sets the limit. Costs as much as a [`get`](Self::get).
    ///
    /// What was granted stays granted. While the count is above a lower limit, no addition is
    /// granted, and [`get`](Self::get) returns the count. Subtractions bring it down.
    ///
    /// ```
    /// let connections = hotcount::LimitedCounter::new(3);
    /// assert!(connections.try_add(3));
    /// connections.set_limit(2);
    /// connections.sub(1);
    /// assert!(!connections.try_add(1));
    /// connections.sub(1);
    /// assert!(connections.try_add(1));
    /// ```
    pub fn set_limit(&self, limit: u64) {
        self.room.exactly(|kept| {
            kept.units += i128::from(limit) - i128::from(kept.limit);
            kept.limit = limit;
        });
    }
}

impl fmt::Display for LimitedCounter {
    /// Prints what [`get`](Self::get) returns.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl fmt::Debug for LimitedCounter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LimitedCounter")
            .field("count", &self.get())
            .field("limit", &self.limit())
            .finish()
    }
}

/// No user code runs inside an operation, so a panic leaves nothing half-done.
impl RefUnwindSafe for LimitedCounter {}
