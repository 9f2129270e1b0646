use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use hotcount::Counter;
use hotcount::mapped::CounterFile;
use tempfile::TempDir;

/// No test takes longer. Some take seconds on a slow machine.
const LIMIT: Duration = Duration::from_secs(200);

/// The directory of one test. If the test hangs, the whole program fails.
pub(crate) struct Scratch {
    directory: TempDir,
    _alive: Sender<()>,
}

impl Scratch {
    /// A directory in memory where that is possible: thousands of files are created, and each is
    /// synced.
    pub(crate) fn new() -> Self {
        Self::from(tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap())
    }

    /// A directory beside the build, which is usually on a disk.
    #[cfg(unix)]
    pub(crate) fn on_disk() -> Self {
        Self::from(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The names of the files, sorted, without the files that Windows locks.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.directory.path()).expect("the directory can be listed");
        let name = |entry: fs::DirEntry| entry.file_name().into_string().expect("UTF-8");
        let mut names: Vec<_> = entries.map(|entry| name(entry.expect("an entry"))).collect();
        if cfg!(windows) {
            names.retain(|name| name.strip_suffix(".lock").is_none());
        }
        names.sort();
        names
    }

    /// The bytes of a file with room for 4 counters, in which `hits` is 5 and `misses` is 7.
    pub(crate) fn good_file(&self) -> Vec<u8> {
        let path = self.path("good");
        let file = CounterFile::options().capacity(4).open(&path).expect("the file is created");
        file.counter("hits").expect("there is room").add(5);
        file.counter("misses").expect("there is room").add(7);
        drop(file);
        let bytes = fs::read(&path).expect("the file can be read");
        fs::remove_file(&path).expect("the file can be removed");
        bytes
    }
}

impl From<TempDir> for Scratch {
    fn from(directory: TempDir) -> Self {
        let (alive, dropped) = channel();
        let test = thread::current().name().unwrap_or_default().to_string();
        thread::spawn(move || {
            if dropped.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
                // Not `eprintln!`, which the test program captures.
                let _ = writeln!(io::stderr(), "the test {test} hangs");
                process::abort();
            }
        });
        Self { directory, _alive: alive }
    }
}

/// Whether this process is in a user namespace of Linux, where root has no other users.
#[cfg(unix)]
pub(crate) fn is_in_a_user_namespace() -> bool {
    let users = fs::read_to_string("/proc/self/uid_map");
    users.is_ok_and(|users| !users.split_whitespace().eq(["0", "0", "4294967295"]))
}

/// Waits for another thread or process. One that does not get there fails the test.
pub(crate) fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < LIMIT / 2, "waited in vain until {what}");
        thread::yield_now();
    }
}
