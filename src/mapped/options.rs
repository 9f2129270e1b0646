use std::path::Path;

use super::create::create;
use super::error::{Error, Failure};
use super::error_kind::ErrorKind;
use super::file::CounterFile;
use super::open::{self, Access};
use super::view::CounterView;

/// The choices for a counter file that is created, see [`CounterFile::options`].
///
/// # Examples
///
/// ```
/// use hotcount::mapped::{CounterFile, ErrorKind};
///
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("hits.counters");
/// let file = CounterFile::options().capacity(2).open(&path)?;
/// file.counter("hits")?;
/// file.counter("misses")?;
/// let error = file.counter("one more").unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::Full { capacity: 2, .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CounterFileOptions {
    capacity: usize,
}

impl CounterFileOptions {
    /// Gives the file room for this many counters, 1 to 16,777,216, at 128 bytes each.
    ///
    /// A file that exists keeps the room it has. [The module](super#how-to-grow-a-full-file) shows
    /// how to move its counters to a larger one.
    #[must_use]
    pub fn capacity(mut self, capacity: usize) -> Self {
        self.capacity = capacity;
        self
    }

    /// Opens the file, and creates it if it is absent, as [`CounterFile::open`] does.
    ///
    /// # Errors
    ///
    /// As [`CounterFile::open`]. If the file is to be created, also
    /// [`Capacity`](ErrorKind::Capacity).
    pub fn open(&self, path: impl AsRef<Path>) -> Result<CounterFile, Error> {
        let path = path.as_ref();
        self.open_or_create(path).map_err(|failure| failure.at(path))
    }

    fn open_or_create(&self, path: &Path) -> Result<CounterFile, Failure> {
        loop {
            match open::open(path, Access::ReadAndWrite) {
                Err(failure) if *failure.kind() == ErrorKind::NotFound => {
                    create(path, self.capacity)?;
                }
                file => return CounterFile::new(path, file?),
            }
        }
    }
}

impl CounterFile {
    /// Opens the file, and creates it if it is absent, with room for 1,024 counters.
    ///
    /// This reads and checks the whole file, and syncs its directory. It takes about 0.1 ms for
    /// 1,024 counters, and in proportion for more. Creating the file takes as long as the disk
    /// takes. An existing file is never overwritten: if it is damaged or not a counter file, this
    /// is an error and the file stays as it is.
    ///
    /// # Errors
    ///
    /// Each reason is an [`ErrorKind`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::options().open(path)
    }

    /// Returns the choices for a file that is created.
    #[must_use]
    pub fn options() -> CounterFileOptions {
        CounterFileOptions { capacity: 1024 }
    }

    /// Opens a file to read its counters. The file must exist, and does not change.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<CounterView, Error> {
        let path = path.as_ref();
        CounterView::open(path).map_err(|failure| failure.at(path))
    }
}
