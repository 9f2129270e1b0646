use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use fs4::TryLockError;

use super::error::Failure;
use super::error_kind::ErrorKind;

/// How long a thread waits for a lock that is held for microseconds.
const PATIENCE: Duration = Duration::from_secs(5);
/// Time between two attempts. A call that waits for the lock in the system has no time limit.
pub(super) const PAUSE: Duration = Duration::from_millis(1);

/// A lock of the system on a file, which one thread of all processes can hold.
///
/// The system releases it when its holder is killed. Each `Lock` has a handle of its own: threads
/// and forked processes that share a handle share its lock. A mutex around a shared handle would
/// not help, because a fork can copy it locked.
pub(super) struct Lock {
    handle: File,
}

impl Lock {
    /// A lock that is not held yet.
    pub(super) fn new(handle: File) -> Self {
        Self { handle }
    }

    /// Returns whether the lock is held now.
    pub(super) fn try_acquire(&self) -> io::Result<bool> {
        // Spelled so, because `File` has a method of this name since Rust 1.89.
        match fs4::FileExt::try_lock(&self.handle) {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    pub(super) fn acquire(&self) -> Result<(), Failure> {
        let start = Instant::now();
        while !self.try_acquire()? {
            if start.elapsed() > PATIENCE {
                return Err(ErrorKind::Busy.into());
            }
            thread::sleep(PAUSE);
        }
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the handle is not enough: a process that was forked meanwhile has it, too.
        let _ = fs4::FileExt::unlock(&self.handle);
    }
}

/// Opens the second file, which Windows locks in place of the one at `path`: other processes could not
/// read a locked file there. It is empty, and stays.
pub(super) fn open_lock_file(path: &Path) -> io::Result<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Windows does, run everywhere.
    #[test]
    fn a_lock_file_excludes_while_the_lock_is_held_and_no_longer() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("hits.counters");
        let lock = || Lock::new(open_lock_file(&path).expect("the lock file opens"));
        let (held, other) = (lock(), lock());
        held.acquire().expect("the lock is free");
        assert!(!other.try_acquire().expect("the system has locks"));
        drop(held);
        assert!(other.try_acquire().expect("the system has locks"));
        assert!(!path.exists());
        assert!(directory.path().join("hits.counters.lock").exists());
    }
}
