use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::access::{self, Access};
use super::counter::MappedCounter;
use super::create;
use super::error::Error;
use super::lock::Lock;
use super::name::{self, Name};
use super::options::CounterFileOptions;
use super::slots::{Place, Slots};
use super::view::CounterView;

/// A file of counters, open to count in.
///
/// Any number of processes may have it open, one process may open it more than once, and it works
/// on in the children of a `fork`. What happens to the counts when a process or the system dies
/// stands in [the module](super#what-is-promised).
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
/// let visitor = hits.increment_and_get(); // nobody else gets this number, in any process
/// file.sync()?; // on the disk now
///
/// let view = CounterFile::open_read_only(&path)?;
/// assert_eq!(view.get("page_hits"), Some(visitor));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CounterFile {
    slots: Arc<Slots>,
    file: File,
    /// As the caller named it, for errors.
    path: PathBuf,
    /// Where it is, whatever the current directory becomes.
    place: PathBuf,
}

impl CounterFile {
    /// Opens the file, and creates it if it is absent, with room for 1,024 counters.
    ///
    /// It reads the whole file to judge it and syncs its directory: a tenth of a millisecond for
    /// 1,024 counters, in proportion for more, and as long as the disk takes to create one. Nothing
    /// is ever overwritten: what is no counter file, or a damaged one, is an error and stays as it
    /// is.
    ///
    /// # Errors
    ///
    /// Each kind of file that cannot be counted in is a variant of [`Error`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::options().open(path)
    }

    /// Returns what can be chosen when a file is created.
    #[must_use]
    pub fn options() -> CounterFileOptions {
        CounterFileOptions::new()
    }

    /// Opens the file to look at it only: it must exist, and is not changed.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<CounterView, Error> {
        CounterView::open(path.as_ref())
    }

    pub(super) fn new(path: &Path, file: File) -> Result<Self, Error> {
        let slots = Arc::new(access::map(&file, path, Access::ReadAndWrite)?);
        let error = |source| Error::from_io(path, source);
        let place = fs::canonicalize(path).map_err(error)?;
        // Whoever created it may have been killed before this.
        create::sync_entry(&place).map_err(error)?;
        Ok(Self { slots, file, path: path.into(), place })
    }

    /// Returns the counter with this name: the one that is there, at zero if it is new.
    ///
    /// A name has 1 to 111 bytes, any of UTF-8. All who ask for one name get the same counter, also
    /// when they ask at once. It looks through the names, so keep the counter: a
    /// [`MappedCounter`] counts without looking. A new name takes a lock of the file, for
    /// microseconds; a process that is killed meanwhile holds up nobody.
    ///
    /// # Errors
    ///
    /// [`EmptyName`](Error::EmptyName), [`NameTooLong`](Error::NameTooLong). For a new name also
    /// [`Full`](Error::Full); [`Replaced`](Error::Replaced) when another file is at the path by now,
    /// or none; [`Busy`](Error::Busy) when somebody else has held the lock for five seconds; and
    /// whatever keeps the path from being opened once more.
    pub fn counter(&self, name: &str) -> Result<MappedCounter, Error> {
        let words = Name::new(name).ok_or_else(|| self.refuse(name))?;
        let slot = match self.slots.find(&words) {
            Place::Taken(slot) => slot,
            Place::Free(_) | Place::Full => self.register(name, &words)?,
        };
        Ok(MappedCounter::new(Arc::clone(&self.slots), slot))
    }

    fn register(&self, name: &str, words: &Name) -> Result<usize, Error> {
        let _lock = Lock::take(&self.place, &self.file, &self.path)?;
        // Once more: somebody may have been faster.
        match self.slots.find(words) {
            Place::Taken(slot) => Ok(slot),
            Place::Free(slot) => {
                self.slots.take(slot, words);
                Ok(slot)
            }
            Place::Full => Err(Error::Full {
                path: self.path.clone(),
                name: name.into(),
                capacity: self.slots.capacity(),
            }),
        }
    }

    fn refuse(&self, name: &str) -> Error {
        let path = self.path.clone();
        if name.is_empty() {
            Error::EmptyName { path }
        } else {
            Error::NameTooLong { path, name: name.into(), longest: name::MAX }
        }
    }

    /// Waits until everything counted before is on the disk, where a power cut does not reach it.
    ///
    /// It takes as long as the disk takes, milliseconds at times; others count on meanwhile. Without
    /// it the system writes in its own time, and a process that ends or is killed loses nothing.
    ///
    /// # Errors
    ///
    /// What the system says when the disk fails, as [`Io`](Error::Io) or
    /// [`NoSpace`](Error::NoSpace).
    pub fn sync(&self) -> Result<(), Error> {
        let written = self.slots.flush();
        // On macOS the first leaves it in the disk's own memory.
        written.and_then(|()| self.file.sync_all()).map_err(|e| Error::from_io(&self.path, e))
    }
}

impl fmt::Debug for CounterFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let capacity = self.slots.capacity();
        f.debug_struct("CounterFile")
            .field("path", &self.path)
            .field("capacity", &capacity)
            .finish_non_exhaustive()
    }
}
