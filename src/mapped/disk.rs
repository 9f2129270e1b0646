use std::fs::File;
use std::io;
use std::process;
use std::sync::atomic::{
    AtomicBool, AtomicU32,
    Ordering::{Acquire, Relaxed, Release},
};
use std::thread;

use super::lock::PAUSE;

/// The smallest block that a file system keeps track of.
const BLOCK: usize = 512;

/// Writes an open file to its disk.
///
/// When a write to the disk fails, the system reports it once and then treats the pages as written.
/// So after a failure, every block is marked as changed again. This happens at once, because the
/// system may drop pages that it treats as written. It happens again before the next attempt,
/// because the marking itself can fail.
pub(super) struct Disk {
    file: File,
    length: u64,
    failed: AtomicBool,
    turn: Turn,
}

impl Disk {
    pub(super) fn new(file: File, length: u64) -> Self {
        Self { file, length, failed: AtomicBool::new(false), turn: Turn::default() }
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Writes the file to the disk; `flush` hands the changes in a mapping to the file.
    pub(super) fn sync(&self, flush: impl Fn() -> io::Result<()>) -> io::Result<()> {
        // The report of a failure goes to one of the threads that wait for the same page.
        let _turn = self.turn.take();
        if self.failed.load(Relaxed) {
            self.mark_as_changed()?;
        }
        // On macOS `flush` leaves the changes in the disk's own memory.
        let synced = flush().and_then(|()| self.file.sync_all());
        self.failed.store(synced.is_err(), Relaxed);
        if synced.is_err() {
            // If this fails, the next sync does it or reports why not.
            let _ = self.mark_as_changed();
        }
        synced
    }

    /// Writes one byte of each block again: the last byte of a slot, which is always zero. To write
    /// through the mapping would kill the process if the disk refuses the page.
    fn mark_as_changed(&self) -> io::Result<()> {
        let ends = (BLOCK as u64..self.length).step_by(BLOCK);
        ends.chain([self.length]).try_for_each(|end| self.write_zero(end - 1))
    }

    fn write_zero(&self, offset: u64) -> io::Result<()> {
        #[cfg(unix)]
        let written = std::os::unix::fs::FileExt::write_at(&self.file, &[0], offset)?;
        #[cfg(windows)]
        let written = std::os::windows::fs::FileExt::seek_write(&self.file, &[0], offset)?;
        if written == 1 { Ok(()) } else { Err(io::ErrorKind::WriteZero.into()) }
    }
}

/// Lets one thread of a process in at a time.
///
/// A fork copies it, perhaps while a thread is inside. The child does not have this thread, and would
/// wait for a mutex forever. Here it sees that the thread belongs to another process.
#[derive(Default)]
struct Turn {
    /// The process of the thread inside, or 0.
    process: AtomicU32,
}

struct TurnGuard<'a>(&'a Turn);

impl Turn {
    fn take(&self) -> TurnGuard<'_> {
        let this = process::id();
        let mut seen = 0;
        // Acquire: pairs with the Release of the last thread's drop.
        while let Err(inside) = self.process.compare_exchange(seen, this, Acquire, Relaxed) {
            seen = if inside == this {
                thread::sleep(PAUSE);
                0
            } else {
                inside
            };
        }
        TurnGuard(self)
    }
}

impl Drop for TurnGuard<'_> {
    fn drop(&mut self) {
        self.0.process.store(0, Release);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    fn fail() -> io::Result<()> {
        Err(io::Error::other("the disk fails"))
    }

    // On Windows, a handle that cannot write cannot sync either.
    #[cfg(unix)]
    #[test]
    fn a_file_that_cannot_be_marked_after_a_failure_is_never_confirmed() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        // A handle that cannot write stands for a disk that became read-only.
        let handle = File::open(file.path()).expect("the file opens");
        let disk = Disk::new(handle, 256);
        disk.sync(|| Ok(())).expect("nothing has failed");
        disk.sync(fail).expect_err("the disk fails");
        for _ in 0..2 {
            disk.sync(|| Ok(())).expect_err("the file is not marked as changed");
        }
    }

    #[test]
    fn after_a_success_nothing_is_marked() {
        let file = tempfile::tempfile().expect("a file");
        file.set_len(256).expect("the file has room");
        let disk = Disk::new(file, 256);
        disk.sync(fail).expect_err("the disk fails");
        disk.sync(|| Ok(())).expect("the file is written");
        // A mark would make the file longer.
        disk.file().set_len(0).expect("the file is cut");
        disk.sync(|| Ok(())).expect("nothing has failed");
        assert_eq!(disk.file().metadata().expect("a file").len(), 0);
    }

    #[test]
    fn threads_sync_one_after_the_other() {
        let disk = &Disk::new(tempfile::tempfile().expect("a file"), 256);
        let (started, wait) = channel();
        thread::scope(|scope| {
            scope.spawn(move || {
                let slow = || {
                    started.send("slow").expect("the test waits");
                    thread::sleep(Duration::from_millis(50));
                    fail()
                };
                disk.sync(slow).expect_err("the disk fails");
            });
            wait.recv().expect("the other thread starts first");
            disk.sync(|| {
                assert!(disk.failed.load(Relaxed), "the other thread is not done");
                Ok(())
            })
            .expect("the file is written");
        });
    }
}
