pub(crate) mod run;
pub(crate) mod sequence;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

use self::run::Run;
use crate::sync::const_fn;

/// `N` counts that one operation adds to and a reader sees together.
///
/// If you read two counters one after the other, additions come between the two reads, and a hit
/// ratio can read as 101 %. A [`get`](Self::get) of a group counts each addition **whole or not at
/// all**.
///
/// # Promise
///
/// 1. **Whole or not at all.** A `get` counts all places of an [`add`](Self::add), or none.
/// 2. The promises of [the contract](crate::Counter#the-contract) hold in each place: nothing is
///    lost, reads are bracketed and monotone, what is counted is published, and overflow wraps.
///
/// So if a relation holds in every addition, it holds in every `get`. For example, if each `add`
/// has at least as much in the first place as in the second, then each `get` has as well, as long
/// as no count overflows.
///
/// # Cost
///
/// An addition is a load, an add and a store for each place, and two stores for a sequence number.
/// All are in memory that no other thread writes. They need no lock and no locked instruction. An
/// addition takes the group's lock only in these cases:
///
/// - It is one of the group's first additions: 8, and one more for every 16 rows, as for a
///   [`ShardedCounter`](crate::ShardedCounter#cost).
/// - The thread has no row yet, or its row is too short.
/// - The thread is ending and has given its row back.
/// - A reader keeps writers out.
///
/// A `get` visits every row, as that of a `ShardedCounter` does. It reads a row again if an
/// addition came in between. After 16 repeats it keeps writers out until it has finished, so a
/// writer in a tight loop does not starve a reader. If the system has suspended a thread inside an
/// addition, a `get` waits for that thread.
///
/// A group takes 48 bytes. Its first additions go to memory of its own: 8 bytes for each place and
/// 8 for a sequence number. Later additions go to cells of 8 bytes in each row: one for each place
/// and one for a sequence number, rounded up to a power of two.
///
/// # Where not to use it
///
/// - In a signal handler or a global allocator. The code there may have interrupted an addition of
///   its own thread. An addition or a `get` may then wait forever for the interrupted one.
/// - In the child after a `fork` without `exec`. Another thread may have been inside an addition at
///   that moment. Then a `get` never returns.
///
/// # Examples
///
/// ```
/// use hotcount::CounterGroup;
///
/// static REQUESTS: CounterGroup<2> = CounterGroup::new(); // all, failed
///
/// std::thread::scope(|scope| {
///     scope.spawn(|| (0..1000).for_each(|i| REQUESTS.add([1, u64::from(i % 10 == 0)])));
///     let [all, failed] = REQUESTS.get();
///     assert!(failed <= all);
/// });
/// ```
///
/// A [`Cursor`](crate::Cursor) reads windows. The relation holds there, too:
///
/// ```
/// use hotcount::{CounterGroup, Cursor};
///
/// let requests = CounterGroup::<2>::new();
/// let mut per_minute = Cursor::new(&requests);
/// requests.add([1, 0]);
/// requests.add([1, 1]);
/// assert_eq!(per_minute.take(), [2, 1]);
/// requests.add([1, 0]);
/// assert_eq!(per_minute.take(), [1, 0]);
/// ```
pub struct CounterGroup<const N: usize> {
    run: Run,
}

impl<const N: usize> CounterGroup<N> {
    const_fn! {
        /// A group whose counts start at zero.
        pub fn new() -> Self {
            Self { run: Run::new(N) }
        }
    }

    /// Adds `counts[i]` to count `i`, for each `i` in one operation. Wraps on overflow.
    #[inline]
    pub fn add(&self, counts: [u64; N]) {
        self.run.write(N, |places| {
            for (place, n) in places.iter().zip(counts) {
                sequence::add(place, n);
            }
        });
    }

    /// Returns the counts: each addition whole or not at all.
    #[must_use]
    pub fn get(&self) -> [u64; N] {
        let mut counts = [0_u64; N];
        self.run.read(&mut [0; N], |row| {
            for (count, n) in counts.iter_mut().zip(row) {
                *count = count.wrapping_add(*n);
            }
        });
        counts
    }
}

impl<const N: usize> Default for CounterGroup<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> fmt::Debug for CounterGroup<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CounterGroup").field(&self.get()).finish()
    }
}

// No caller's code runs inside an operation, so none can panic there.
impl<const N: usize> UnwindSafe for CounterGroup<N> {}
impl<const N: usize> RefUnwindSafe for CounterGroup<N> {}
