use std::collections::BTreeSet;
use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Barrier;
use std::thread;

use hotcount::mapped::{CounterFile, ErrorKind};
use hotcount::{Counter, FetchAdd};

use crate::scratch::Scratch;
use crate::worker::Worker;

/// Writes into the file as a program does that does not use this crate.
fn overwrite(path: &Path, offset: u64, bytes: &[u8]) {
    let mut raw = fs::OpenOptions::new().write(true).open(path).expect("the file opens");
    raw.seek(SeekFrom::Start(offset)).expect("a file");
    raw.write_all(bytes).expect("the file is written");
}

#[test]
fn threads_that_register_one_name_at_once_share_its_counter() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    // Two files of one process, with two mappings, each used by two threads.
    let [one, other] = [(); 2].map(|()| CounterFile::open(&path).expect("the file opens"));
    let start = Barrier::new(4);
    for round in 0..200 {
        let name = format!("round {round}");
        let register = |file: &CounterFile| {
            start.wait();
            file.counter(&name).expect("there is room").increment_and_get()
        };
        let mut numbers = thread::scope(|scope| {
            let threads = [&one, &other, &one, &other].map(|file| scope.spawn(|| register(file)));
            threads.map(|thread| thread.join().expect("the thread registers"))
        });
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 3, 4], "round {round}");
    }
    let view = CounterFile::open_read_only(&path).expect("the file opens");
    assert_eq!(view.iter().count(), 200);
}

#[test]
fn threads_that_register_different_names_at_once_get_different_counters() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::open(&path).expect("the file is created");
    thread::scope(|scope| {
        for thread in 0..4 {
            let file = &file;
            scope.spawn(move || {
                for number in 0..250 {
                    let counter = file.counter(&format!("{thread} {number}"));
                    assert_eq!(counter.expect("there is room").increment_and_get(), 1);
                }
            });
        }
    });
    let view = CounterFile::open_read_only(&path).expect("the file opens");
    assert_eq!(view.iter().filter(|(_, value)| *value == 1).count(), 1000);
}

#[test]
fn two_mappings_of_one_process_are_one_counter() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let hits = || CounterFile::open(&path).expect("the file opens").counter("hits");
    let [one, other] = [hits(), hits()].map(|hits| hits.expect("there is room"));
    assert_eq!([one.increment_and_get(), other.increment_and_get(), one.fetch_add(3)], [1, 2, 2]);
    assert_eq!((one.get(), other.get(), one.clone().get()), (5, 5, 5));
}

#[test]
fn an_id_is_of_one_counter_of_one_file_and_outlives_the_process() {
    let scratch = Scratch::new();
    let mut ids = BTreeSet::new();
    for path in [scratch.path("one"), scratch.path("other")] {
        for name in ["hits", "misses"] {
            let file = || CounterFile::open(&path).expect("the file opens");
            let counter = || file().counter(name).expect("there is room");
            let id = || counter().persistent_id().expect("it is in a file");
            let report = Worker::start(&format!("id {name}"), &path).finish();
            assert_eq!(report, id().to_le_bytes());
            ids.insert(id());
        }
    }
    assert_eq!(ids.len(), 4);
    fs::copy(scratch.path("one"), scratch.path("copy")).expect("the file can be copied");
    let copy = CounterFile::open(scratch.path("copy")).expect("the file opens");
    let copied = copy.counter("misses").expect("the name is known").persistent_id();
    assert!(ids.contains(&copied.expect("it is in a file")));
}

#[test]
fn a_slot_left_half_written_is_reused() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::options().capacity(2).open(&path).expect("the file is created");
    file.counter("first").expect("there is room").add(3);
    // A process that is killed before its last store leaves a value and a name without length.
    overwrite(&path, 128 + 128 + 16, &[b'x'; 112]);
    overwrite(&path, 128 + 128, &9_u64.to_ne_bytes());

    let reopened = CounterFile::open(&path).expect("the file is whole");
    let view = CounterFile::open_read_only(&path).expect("the file is whole");
    assert_eq!(view.iter().collect::<Vec<_>>(), [("first".to_string(), 3)]);
    assert_eq!(reopened.counter("second").expect("there is room").increment_and_get(), 1);
    let counters = [("first".to_string(), 3), ("second".to_string(), 1)];
    assert_eq!(view.iter().collect::<Vec<_>>(), counters);
    assert_eq!(file.counter("second").expect("the name is known").get(), 1);
}

#[test]
fn a_file_that_was_replaced_or_removed_takes_no_new_name() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::open(&path).expect("the file is created");
    let hits = file.counter("hits").expect("there is room");
    fs::rename(&path, scratch.path("elsewhere")).expect("the file moves");
    let error = file.counter("new").expect_err("the file is gone");
    assert_eq!(*error.kind(), ErrorKind::Replaced, "{error}");
    let newer = CounterFile::open(&path).expect("the file is created");
    let error = file.counter("new").expect_err("this is another file");
    assert_eq!(*error.kind(), ErrorKind::Replaced, "{error}");
    assert_eq!(error.path(), path);

    hits.increment();
    assert_eq!(file.counter("hits").expect("the name is known").get(), 1);
    assert_eq!(newer.counter("hits").expect("there is room").get(), 0);
}

/// A search of millions of names takes a second, and the lock is for microseconds.
#[cfg(target_os = "linux")]
#[test]
fn the_search_under_the_lock_starts_where_the_first_search_ended() {
    use crate::scratch::wait_until;
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::open(&path).expect("the file is created");
    let first = file.counter("first").expect("there is room");
    let mut holder = Worker::start("hold", &path);
    holder.hear(1);
    let opened = || {
        let entries = fs::read_dir("/proc/self/fd").expect("Linux lists open files");
        let targets = entries.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
        targets.filter(|target| *target == path).count()
    };
    let before = opened();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| file.counter("new").expect("there is room"));
        wait_until("the thread opens the file to lock it", || opened() > before);
        // A second search from the start would find the name here, in a slot that was searched.
        let bytes = fs::read(&path).expect("the file can be read");
        let other = scratch.path("other");
        CounterFile::open(&other).expect("created").counter("new").expect("there is room");
        let slot = &fs::read(&other).expect("the file can be read")[128 + 8..256];
        overwrite(&path, 128 + 8, slot);
        holder.kill();
        let new = waiting.join().expect("the thread registers");
        let [new, first] = [new, first].map(|counter| counter.persistent_id().expect("an id"));
        assert_eq!(new, first + 1, "the new counter has a slot of its own");
        overwrite(&path, 128 + 8, &bytes[128 + 8..256]);
    });
    CounterFile::open(&path).expect("the file is whole");
}
