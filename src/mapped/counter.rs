use std::fmt;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Release};

use super::mapping::Word;
use crate::{Counter, FetchAdd};

/// A counter in a file: one atomic word, shared by all processes that have the file open.
///
/// It is linearizable and wait-free, over processes as over threads. It costs what an
/// [`AtomicCounter`](crate::AtomicCounter) costs.
///
/// It comes from [`CounterFile::counter`](super::CounterFile::counter). A clone is the same counter.
/// It keeps the file mapped, so it outlives its [`CounterFile`](super::CounterFile). It also works
/// in the children of a `fork`.
///
/// [The module](super#what-is-promised) says what a `SIGKILL`, a crash of the system or a power cut
/// does to it.
///
/// # Examples
///
/// ```
/// use hotcount::{Counter, FetchAdd, mapped::CounterFile};
///
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("hits.counters");
/// let file = CounterFile::open(&path)?;
/// let hits = file.counter("page_hits")?;
/// let first = hits.increment_and_get();
/// assert_eq!(first, 1);
///
/// // As another process would:
/// let same = CounterFile::open(&path)?.counter("page_hits")?;
/// assert_eq!(same.increment_and_get(), 2);
/// assert_eq!(hits.get(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct MappedCounter {
    value: Word,
    id: u128,
}

impl MappedCounter {
    pub(super) fn new(value: Word, id: u128) -> Self {
        Self { value, id }
    }
}

impl Counter for MappedCounter {
    #[inline]
    fn add(&self, n: u64) {
        // Pairs with the Acquire of a read that counts this addition, in any process.
        self.value.fetch_add(n, Release);
    }

    #[inline]
    fn get(&self) -> u64 {
        // Pairs with the Release of every addition counted.
        self.value.load(Acquire)
    }

    /// Returns the id of this counter. A counter of another file has another one.
    ///
    /// The file's part of it, 96 random bits, is drawn when the file is created. The other 32 bits
    /// are the counter's place in the file. So the id is the same in every process and after every
    /// restart, and it identifies one life of the count: one number that only goes up.
    ///
    /// - A copy of the file has the ids of the original. Count in one of them only.
    /// - After a power cut, a counter goes back to what the last [`sync`](super::CounterFile::sync)
    ///   confirmed, with the same id. The id of a name that no `sync` confirmed can go to another
    ///   name. Call `sync` before you publish a value under the id.
    ///
    /// # Examples
    ///
    /// ```
    /// use hotcount::{Counter, mapped::CounterFile};
    ///
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("hits.counters");
    /// let before = CounterFile::open(&path)?.counter("page_hits")?.persistent_id();
    /// let after = CounterFile::open(&path)?.counter("page_hits")?.persistent_id();
    /// assert_eq!(before, after);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn persistent_id(&self) -> Option<u128> {
        Some(self.id)
    }
}

impl FetchAdd for MappedCounter {
    #[inline]
    fn fetch_add(&self, n: u64) -> u64 {
        // Release as `add`. Acquire as `get`, because the result counts earlier additions.
        self.value.fetch_add(n, AcqRel)
    }
}

impl fmt::Debug for MappedCounter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MappedCounter").field(&self.get()).finish()
    }
}

impl fmt::Display for MappedCounter {
    /// Prints what [`get`](Counter::get) returns.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}
