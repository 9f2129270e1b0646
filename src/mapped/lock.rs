use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::access::{self, Access};
use super::error::Error;

/// Who needs the lock has it for microseconds; one that was stopped inside must not stop all others.
const PATIENCE: Duration = Duration::from_secs(5);

/// The right to take a slot, held by one thread of all processes.
///
/// The lock belongs to a handle that was opened for this one time: a handle that is kept is shared
/// by threads, and by workers that were forked, and lets all of them in. That is also why there is
/// no mutex around it, which a `fork` would copy locked. The system frees the lock when its holder
/// is killed.
pub(super) struct Lock {
    handle: File,
}

impl Lock {
    /// Locks `path`, the place of the file that the caller has `open`; `shown` is for errors.
    pub(super) fn take(path: &Path, open: &File, shown: &Path) -> Result<Self, Error> {
        let error = |source| Error::from_io(shown, source);
        let here = match access::open(path, Access::ReadAndWrite) {
            Err(Error::NotFound { .. }) => return Err(Error::Replaced { path: shown.into() }),
            here => here?,
        };
        if !is_same(&here, open).map_err(error)? {
            return Err(Error::Replaced { path: shown.into() });
        }
        // Windows keeps everybody from reading what is locked.
        let handle = if cfg!(windows) { side_file(path).map_err(error)? } else { here };
        Self::wait_for(handle, shown)
    }

    fn wait_for(handle: File, shown: &Path) -> Result<Self, Error> {
        let start = Instant::now();
        loop {
            match handle.try_lock() {
                Ok(()) => return Ok(Self { handle }),
                Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => {
                    thread::sleep(Duration::from_millis(1));
                }
                Err(TryLockError::WouldBlock) => return Err(Error::Busy { path: shown.into() }),
                Err(TryLockError::Error(source)) => return Err(Error::from_io(shown, source)),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // To close it is not enough: a process forked meanwhile has the handle, too.
        let _ = self.handle.unlock();
    }
}
/// The file beside `path` that is locked in its place; it stays there, empty.
fn side_file(path: &Path) -> io::Result<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(name)
}

/// Whether two handles are of one file. Only Unix can say; elsewhere a file that somebody has open
/// cannot be replaced.
fn is_same(one: &File, other: &File) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let (one, other) = (one.metadata()?, other.metadata()?);
        Ok((one.dev(), one.ino()) == (other.dev(), other.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Windows does, run everywhere.
    #[test]
    fn a_side_file_excludes_while_the_lock_is_held_and_no_longer() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("hits.counters");
        let lock = || Lock::wait_for(side_file(&path).expect("it opens"), &path);
        let held = lock().expect("it is free");
        let other = side_file(&path).expect("it opens");
        assert!(matches!(other.try_lock(), Err(TryLockError::WouldBlock)));
        drop(held);
        drop(lock().expect("it is free again"));
        assert!(!path.exists());
        assert!(directory.path().join("hits.counters.lock").exists());
    }
}
