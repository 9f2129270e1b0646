use std::fs;
use std::path::PathBuf;

use hotcount::mapped::CounterFile;
use tempfile::TempDir;

/// A directory of one test. In memory where that is possible: these files come by the thousand,
/// and each is synced.
pub(crate) struct Scratch {
    directory: TempDir,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        Self { directory: directory.expect("a directory") }
    }

    /// A directory where the build is, which is on a disk as a rule.
    pub(crate) fn on_disk() -> Self {
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"));
        Self { directory: directory.expect("a directory") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// What is in the directory, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.directory.path()).expect("it can be listed");
        let name = |entry: fs::DirEntry| entry.file_name().into_string().expect("it is text");
        let mut names: Vec<_> = entries.map(|entry| name(entry.expect("an entry"))).collect();
        names.sort();
        names
    }

    /// The bytes of a file with room for 4, in which `hits` is 5 and `misses` is 7.
    pub(crate) fn good_file(&self) -> Vec<u8> {
        use hotcount::Counter;
        let path = self.path("good");
        let file = CounterFile::options().capacity(4).open(&path).expect("it is created");
        file.counter("hits").expect("there is room").add(5);
        file.counter("misses").expect("there is room").add(7);
        let bytes = fs::read(&path).expect("it is there");
        fs::remove_file(&path).expect("it goes");
        bytes
    }
}
