use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::FileExt;
use std::sync::Barrier;
use std::thread;

use hotcount::mapped::{CounterFile, Error};
use hotcount::{Counter, FetchAdd};

use crate::scratch::Scratch;
use crate::worker::Worker;

#[test]
fn threads_that_register_one_name_at_once_share_its_counter() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    // Two handles of one process, with two mappings, each used by two threads.
    let [one, other] = [(); 2].map(|()| CounterFile::open(&path).expect("it opens"));
    let start = Barrier::new(4);
    for round in 0..200 {
        let name = format!("round {round}");
        let register = |file: &CounterFile| {
            start.wait();
            file.counter(&name).expect("there is room").increment_and_get()
        };
        let mut numbers = thread::scope(|scope| {
            let threads = [&one, &other, &one, &other].map(|file| scope.spawn(|| register(file)));
            threads.map(|thread| thread.join().expect("it registers"))
        });
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 3, 4], "round {round}");
    }
    let view = CounterFile::open_read_only(&path).expect("it is there");
    assert_eq!(view.iter().count(), 200);
}

#[test]
fn threads_that_register_different_names_at_once_get_different_counters() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::open(&path).expect("it is created");
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
    let view = CounterFile::open_read_only(&path).expect("it is there");
    assert_eq!(view.iter().filter(|(_, value)| *value == 1).count(), 1000);
}

#[test]
fn two_mappings_of_one_process_are_one_counter() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let one = CounterFile::open(&path).expect("it opens").counter("hits").expect("there is room");
    let other = CounterFile::open(&path).expect("it opens").counter("hits").expect("it is there");
    assert_eq!([one.increment_and_get(), other.increment_and_get(), one.fetch_add(3)], [1, 2, 2]);
    assert_eq!((one.get(), other.get(), one.clone().get()), (5, 5, 5));
}

#[test]
fn an_id_is_of_one_counter_of_one_file_and_outlives_the_process() {
    let scratch = Scratch::new();
    let mut ids = BTreeSet::new();
    for path in [scratch.path("one"), scratch.path("other")] {
        for name in ["hits", "misses"] {
            let id =
                || CounterFile::open(&path).expect("it opens").counter(name).expect("room").id();
            let told = Worker::start(&format!("id {name}"), &path).finish();
            assert_eq!(told, id().to_le_bytes());
            ids.insert(id());
        }
    }
    assert_eq!(ids.len(), 4);
    fs::copy(scratch.path("one"), scratch.path("copy")).expect("it is copied");
    let copy = CounterFile::open(scratch.path("copy")).expect("it opens");
    assert!(ids.contains(&copy.counter("misses").expect("it is there").id()));
}

#[test]
fn a_slot_left_half_written_is_reused() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::options().capacity(2).open(&path).expect("it is created");
    file.counter("first").expect("there is room").add(3);
    // As a process leaves it that is killed before its last store: a name, and no length.
    let raw = fs::OpenOptions::new().write(true).open(&path).expect("it opens");
    raw.write_all_at(&[b'x'; 112], 128 + 128 + 16).expect("it is written");
    raw.write_all_at(&9_u64.to_ne_bytes(), 128 + 128).expect("it is written");

    let reopened = CounterFile::open(&path).expect("it is whole");
    let view = CounterFile::open_read_only(&path).expect("it is whole");
    assert_eq!(view.iter().collect::<Vec<_>>(), [("first".to_string(), 3)]);
    assert_eq!(reopened.counter("second").expect("there is room").increment_and_get(), 1);
    let counters = [("first".to_string(), 3), ("second".to_string(), 1)];
    assert_eq!(view.iter().collect::<Vec<_>>(), counters);
    assert_eq!(file.counter("second").expect("it is there").get(), 1);
}

#[test]
fn a_full_file_refuses_a_new_name_and_counts_on() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::options().capacity(2).open(&path).expect("it is created");
    let hits = file.counter("hits").expect("there is room");
    file.counter("misses").expect("there is room");
    let before = fs::read(&path).expect("it is there");
    let error = file.counter("one more").expect_err("it is full");
    assert!(matches!(&error, Error::Full { capacity: 2, name, .. } if name == "one more"));
    assert_eq!(
        error.to_string(),
        format!(
            "{}: no room for \"one more\", it has its 2 counters; use one of them, or a new file \
             with more capacity",
            path.display()
        )
    );
    assert_eq!(fs::read(&path).expect("it is there"), before);
    hits.increment();
    assert_eq!(file.counter("hits").expect("it is there").get(), 1);
}

#[test]
fn a_name_has_1_to_111_bytes() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::open(&path).expect("it is created");
    let longest = "é".repeat(55) + "x";
    for name in ["x", "a name\nof two lines", "\0", "12345678", "Besucher 訪問者 🚀", &longest]
    {
        file.counter(name).expect("it is a name").add(name.len() as u64);
    }
    let view = CounterFile::open_read_only(&path).expect("it is there");
    assert_eq!(view.iter().count(), 6);
    assert!(view.iter().all(|(name, value)| name.len() as u64 == value));
    assert_eq!((longest.len(), view.get(&longest)), (111, Some(111)));

    assert!(matches!(file.counter(""), Err(Error::EmptyName { .. })));
    let long = longest + "x";
    let error = file.counter(&long).expect_err("it is too long");
    assert!(error.to_string().ends_with("has 112 bytes; choose one of at most 111"), "{error}");
    assert!(matches!(error, Error::NameTooLong { name, longest: 111, .. } if name == long));
    assert_eq!((view.get(""), view.get(&long)), (None, None));
    assert_eq!(view.iter().count(), 6);
}

#[test]
fn a_file_that_was_replaced_or_removed_takes_no_new_name() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::open(&path).expect("it is created");
    let hits = file.counter("hits").expect("there is room");
    fs::rename(&path, scratch.path("elsewhere")).expect("it moves");
    assert!(matches!(file.counter("new"), Err(Error::Replaced { .. })));
    let newer = CounterFile::open(&path).expect("it is created");
    let error = file.counter("new").expect_err("it is another file");
    assert!(matches!(error, Error::Replaced { .. }), "{error:?}");
    assert_eq!(error.path(), path);

    hits.increment();
    assert_eq!(file.counter("hits").expect("it is there").get(), 1);
    assert_eq!(newer.counter("hits").expect("there is room").get(), 0);
}
