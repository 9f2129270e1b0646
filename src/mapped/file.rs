use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf, absolute};

use same_file::Handle;

use super::counter::MappedCounter;
use super::create;
use super::disk::Disk;
use super::error::{Error, Failure};
use super::error_kind::ErrorKind;
use super::lock::{Lock, open_lock_file};
use super::name::Name;
use super::open::{self, Access};
use super::slots::{Search, Slots};

/// A file of counters, open for counting.
///
/// Any number of processes can have the file open, and one process can open it more than once. It
/// also works in the children of a `fork`. [The module](super#what-is-promised) says what happens
/// to the counts when a process or the system dies.
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
/// let visitor = hits.increment_and_get(); // unique over all processes
/// file.sync()?; // on the disk now
///
/// let view = CounterFile::open_read_only(&path)?;
/// assert_eq!(view.get("page_hits"), Some(visitor));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CounterFile {
    slots: Slots,
    disk: Disk,
    /// As the caller gave it, for errors.
    path: PathBuf,
    /// The same path, which a change of the current directory does not change.
    absolute: PathBuf,
}

impl CounterFile {
    pub(super) fn new(path: &Path, file: File) -> Result<Self, Failure> {
        let slots = Slots::map(&file, Access::ReadAndWrite)?;
        // Its creator may have been killed before it did this.
        let synced = fs::canonicalize(path).and_then(|path| create::sync_entry(&path));
        synced.map_err(replaced_if_absent)?;
        let disk = Disk::new(file, slots.file_length());
        Ok(Self { slots, disk, path: path.into(), absolute: absolute(path)? })
    }

    /// Returns the counter with this name. A new name gets a counter at zero.
    ///
    /// A name is UTF-8 of 1 to 111 bytes. All threads and processes that ask for one name get the
    /// same counter, also when they ask at once. This searches the names, so keep the counter: a
    /// [`MappedCounter`] counts without a search. Only a new name takes a lock, for microseconds.
    /// The system releases it if the process is killed.
    ///
    /// # Errors
    ///
    /// [`EmptyName`](ErrorKind::EmptyName) and [`NameTooLong`](ErrorKind::NameTooLong). For a new
    /// name also:
    ///
    /// - [`Full`](ErrorKind::Full);
    /// - [`Replaced`](ErrorKind::Replaced), if the path leads to another file by now, or to none;
    /// - [`Busy`](ErrorKind::Busy), if another program has held the lock for 5 s;
    /// - any error of opening the path.
    pub fn counter(&self, name: &str) -> Result<MappedCounter, Error> {
        let slot = self.find_or_register(name).map_err(|failure| failure.at(&self.path))?;
        Ok(MappedCounter::new(self.slots.counter(slot), self.slots.id(slot)))
    }

    fn find_or_register(&self, name: &str) -> Result<usize, Failure> {
        let Some(words) = Name::new(name) else {
            return Err(match name {
                "" => ErrorKind::EmptyName.into(),
                _ => ErrorKind::NameTooLong { name: name.into() }.into(),
            });
        };
        let searched = match self.slots.find(&words, 0) {
            Search::Found(slot) => return Ok(slot),
            Search::Free(slot) => slot,
            Search::Full => self.slots.capacity(),
        };
        let _lock = self.lock()?;
        // Another process may have registered the name meanwhile. It has taken a slot that was free
        // in the first search, so a long search is not repeated under the lock.
        match self.slots.find(&words, searched) {
            Search::Found(slot) => Ok(slot),
            Search::Free(slot) => {
                self.slots.take(slot, &words);
                Ok(slot)
            }
            Search::Full => {
                Err(ErrorKind::Full { name: name.into(), capacity: self.slots.capacity() }.into())
            }
        }
    }

    /// Acquires the right to take a slot, if the path still leads to this file.
    fn lock(&self) -> Result<Lock, Failure> {
        let file = match open::open(&self.absolute, Access::ReadAndWrite) {
            Err(failure) if *failure.kind() == ErrorKind::NotFound => {
                return Err(ErrorKind::Replaced.into());
            }
            file => file?,
        };
        let [at_path, open] = [&file, self.disk.file()].map(File::try_clone);
        if Handle::from_file(at_path?)? != Handle::from_file(open?)? {
            return Err(ErrorKind::Replaced.into());
        }
        let lock = Lock::new(if cfg!(windows) { open_lock_file(&self.absolute)? } else { file });
        lock.acquire()?;
        Ok(lock)
    }

    /// Waits until everything counted before is on the disk, where it survives a power cut.
    ///
    /// This takes as long as the disk takes, which can be milliseconds. Other threads and processes
    /// count on meanwhile. Without it the system writes in its own time. A process that ends or is
    /// killed loses nothing either way.
    ///
    /// After an error, counts are in memory and maybe not on the disk. Repair the cause and call
    /// this again: it writes the whole file. Processes that were forked share an open file, and the
    /// system reports a failed write to only one of them. A process that relies on `sync` opens the
    /// file itself.
    ///
    /// # Errors
    ///
    /// If the disk fails: [`Io`](ErrorKind::Io), [`NoSpace`](ErrorKind::NoSpace) or
    /// [`Permission`](ErrorKind::Permission).
    pub fn sync(&self) -> Result<(), Error> {
        let synced = self.disk.sync(|| self.slots.flush());
        synced.map_err(|error| Failure::from(error).at(&self.path))
    }
}

/// For an error about a path that has led to a file.
fn replaced_if_absent(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::NotFound => ErrorKind::Replaced.into(),
        _ => error.into(),
    }
}

impl fmt::Debug for CounterFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CounterFile")
            .field("path", &self.path)
            .field("capacity", &self.slots.capacity())
            .finish_non_exhaustive()
    }
}
