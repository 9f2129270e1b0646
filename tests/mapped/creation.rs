use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;

use hotcount::Counter;
use hotcount::mapped::{CounterFile, Error};

use crate::jobs::ROUNDS;
use crate::scratch::Scratch;
use crate::worker::{Worker, wait_up_to};

#[test]
fn eight_racing_creators_get_one_file_each_time() {
    let scratch = Scratch::new();
    CounterFile::open(scratch.path("start")).expect("it is created");
    let workers = [(); 8].map(|()| Worker::start("race 8", &scratch.path("")));
    let told = workers.map(Worker::finish);
    for round in 0..ROUNDS {
        let at = usize::try_from(round).expect("few rounds");
        let numbers: BTreeSet<u8> = told.iter().map(|numbers| numbers[at]).collect();
        assert_eq!(numbers, (1..=8).collect(), "round {round}");
        let view = CounterFile::open_read_only(scratch.path(&round.to_string()));
        let counters: Vec<_> = view.expect("it is there").iter().collect();
        assert_eq!(counters, [("hits".to_string(), 8)], "round {round}");
    }
    let mut files: Vec<_> = (0..ROUNDS).map(|round| round.to_string()).collect();
    files.push("start".into());
    files.sort();
    assert_eq!(scratch.names(), files, "nothing else is left");
}

#[test]
fn creators_that_are_killed_leave_whole_files_or_none() {
    let scratch = Scratch::new();
    let mut told = 0;
    for round in 0..20 {
        let mut worker = Worker::start(&format!("create {round}"), &scratch.path(""));
        told += worker.hear(1).len();
        wait_up_to(3_000);
        told += worker.kill().len();
    }
    let names = scratch.names();
    let (aside, files): (Vec<_>, Vec<_>) =
        names.iter().partition(|name| name.starts_with(".hotcount-"));
    assert!((told..=told + 20).contains(&files.len()), "{} of {told}", files.len());
    assert!(aside.len() <= 20, "{aside:?}");
    for name in files {
        let file = CounterFile::open(scratch.path(name)).expect("it is whole");
        file.counter("hits").expect("there is room").increment();
    }
}

#[test]
fn the_capacity_counts_at_creation_only() {
    let scratch = Scratch::new();
    let path = scratch.path("small");
    for capacity in [0, (1 << 24) + 1, usize::MAX] {
        let refused = CounterFile::options().capacity(capacity).open(&path);
        assert!(matches!(refused, Err(Error::Capacity { capacity: c, .. }) if c == capacity));
    }
    assert_eq!(scratch.names(), [""; 0]);
    CounterFile::options().capacity(3).open(&path).expect("it is created");
    let file = CounterFile::options().capacity(0).open(&path).expect("it is there");
    assert_eq!(fs::metadata(&path).expect("it is there").len(), 4 * 128);
    assert_eq!(format!("{file:?}"), format!("CounterFile {{ path: {path:?}, capacity: 3, .. }}"));
}

#[test]
fn a_new_file_owns_all_of_its_room() {
    let scratch = Scratch::on_disk();
    let path = scratch.path("hits.counters");
    CounterFile::open(&path).expect("it is created");
    let metadata = fs::metadata(&path).expect("it is there");
    assert_eq!(metadata.len(), 1025 * 128);
    assert!(metadata.blocks() * 512 >= metadata.len(), "{} blocks", metadata.blocks());
}

#[test]
fn no_room_on_the_disk_is_an_error_that_leaves_nothing() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let error = String::from_utf8(Worker::start("limit", &path).finish()).expect("it is text");
    assert!(error.starts_with(&format!("NoSpace {}: ", path.display())), "{error}");
    assert!(error.ends_with("; make room, then try again\n"), "{error}");
    assert_eq!(scratch.names(), [""; 0]);
}

#[test]
fn a_missing_directory_and_a_link_to_nothing_are_named() {
    let scratch = Scratch::new();
    let path = scratch.path("missing/hits.counters");
    let error = CounterFile::open(&path).expect_err("it cannot be created");
    assert!(matches!(error, Error::NoDirectory { .. }), "{error:?}");
    let error = CounterFile::open_read_only(&path).expect_err("it is not there");
    assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    let error = CounterFile::open("").expect_err("no name");
    assert!(matches!(error, Error::NotAFile { .. }), "{error:?}");

    let link = scratch.path("link");
    std::os::unix::fs::symlink(scratch.path("target"), &link).expect("it is made");
    let error = CounterFile::open(&link).expect_err("it leads to nothing");
    assert!(matches!(error, Error::DanglingLink { .. }), "{error:?}");
    assert_eq!(scratch.names(), ["link"]);

    CounterFile::open(scratch.path("target")).expect("it is created");
    let linked = CounterFile::open(&link).expect("it leads to a file");
    linked.counter("hits").expect("there is room").add(2);
    let view = CounterFile::open_read_only(scratch.path("target")).expect("it is there");
    assert_eq!(view.get("hits"), Some(2));
}
