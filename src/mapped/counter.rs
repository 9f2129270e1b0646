use std::fmt;
use std::sync::{
    Arc,
    atomic::Ordering::{AcqRel, Acquire, Release},
};

use super::mapping::Value;
use super::slots::Slots;
use crate::{Counter, FetchAdd};

/// A counter in a file: one atomic word, which all processes that have the file open share.
///
/// Linearizable and wait-free, over processes as over threads; it costs what an
/// [`AtomicCounter`](crate::AtomicCounter) costs. It comes from
/// [`CounterFile::counter`](super::CounterFile::counter); a clone is the same counter. It keeps the
/// file mapped, so it outlives the [`CounterFile`](super::CounterFile) that it came from, and after
/// a `fork` it goes on in the child.
///
/// What a `SIGKILL`, a crash of the system or a power cut does to it stands in [the
/// module](super#what-is-promised).
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
    value: Value,
}

impl MappedCounter {
    pub(super) fn new(slots: Arc<Slots>, slot: usize) -> Self {
        Self { value: Value::new(slots, slot) }
    }
}

impl Counter for MappedCounter {
    #[inline]
    fn add(&self, n: u64) {
        // Pairs with the Acquire of whoever counts this addition, in any process.
        self.value.fetch_add(n, Release);
    }

    #[inline]
    fn get(&self) -> u64 {
        // Pairs with the Release of every addition counted.
        self.value.load(Acquire)
    }
}

impl FetchAdd for MappedCounter {
    #[inline]
    fn fetch_add(&self, n: u64) -> u64 {
        // Release as `add`; Acquire because the value tells the caller who came before.
        self.value.fetch_add(n, AcqRel)
    }
}

impl fmt::Debug for MappedCounter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MappedCounter").field(&self.get()).finish()
    }
}
