use std::path::Path;

use super::access::{self, Access};
use super::create::create;
use super::error::Error;
use super::file::CounterFile;

/// What can be chosen when a counter file is created, see
/// [`CounterFile::options`](super::CounterFile::options).
///
/// # Examples
///
/// ```
/// use hotcount::mapped::{CounterFile, Error};
///
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("hits.counters");
/// let file = CounterFile::options().capacity(2).open(&path)?;
/// file.counter("hits")?;
/// file.counter("misses")?;
/// assert!(matches!(file.counter("one more"), Err(Error::Full { capacity: 2, .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CounterFileOptions {
    capacity: usize,
}

impl CounterFileOptions {
    pub(super) fn new() -> Self {
        Self { capacity: 1024 }
    }

    /// Gives the file room for this many counters, 1 to 16,777,216, at 128 bytes each.
    ///
    /// It counts at creation only: a file that exists keeps the room it has.
    #[must_use]
    pub fn capacity(mut self, capacity: usize) -> Self {
        self.capacity = capacity;
        self
    }

    /// Opens the file, and creates it if it is absent; see
    /// [`CounterFile::open`](super::CounterFile::open).
    ///
    /// # Errors
    ///
    /// As there; and for a file to be created, [`Capacity`](Error::Capacity).
    pub fn open(&self, path: impl AsRef<Path>) -> Result<CounterFile, Error> {
        let path = path.as_ref();
        loop {
            match access::open(path, Access::ReadAndWrite) {
                // Once it is there, it is judged like any other.
                Err(Error::NotFound { .. }) => create(path, self.capacity)?,
                file => return CounterFile::new(path, file?),
            }
        }
    }
}
