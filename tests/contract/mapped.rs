//! The contract's tests, with a counter in a file.

use hotcount::mapped::{CounterFile, MappedCounter};
use hotcount::{Counter, FetchAdd};

use crate::counters::*;
use crate::numbers::*;

/// A counter in a file of its own, with the constructors that the tests use.
struct CounterInFile(MappedCounter);

impl Default for CounterInFile {
    fn default() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let file = CounterFile::options().capacity(1).open(directory.path().join("file"));
        Self(file.expect("the file is created").counter("one").expect("there is room"))
    }
}

impl From<u64> for CounterInFile {
    fn from(value: u64) -> Self {
        let counter = Self::default();
        counter.0.add(value);
        counter
    }
}

impl Counter for CounterInFile {
    fn add(&self, n: u64) {
        self.0.add(n);
    }

    fn get(&self) -> u64 {
        self.0.get()
    }
}

impl FetchAdd for CounterInFile {
    fn fetch_add(&self, n: u64) -> u64 {
        self.0.fetch_add(n)
    }
}

for_each_counter! {
    fifty_threads_times_1000_are_50_000: CounterInFile;
    gets_during_adds_are_bracketed_and_never_go_back: CounterInFile;
    overflow_wraps: CounterInFile;
    a_cursor_crosses_an_overflow: CounterInFile;
    cursors_during_adds_miss_and_double_nothing: CounterInFile;
    a_counter_is_used_through_pointers: CounterInFile;
    it_crosses_threads_and_panics: CounterInFile;
    a_hundred_clients_get_the_numbers_1_to_100: CounterInFile;
    numbers_wrap: CounterInFile;
    numbers_come_through_pointers: CounterInFile;
}
