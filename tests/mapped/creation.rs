use std::collections::BTreeSet;
use std::fs;

use hotcount::Counter;
use hotcount::mapped::{CounterFile, ErrorKind};

use crate::jobs::ROUNDS;
use crate::scratch::Scratch;
use crate::worker::{Worker, wait_up_to};

#[test]
fn eight_racing_creators_get_one_file_each_time() {
    let scratch = Scratch::new();
    CounterFile::open(scratch.path("start")).expect("the file is created");
    let workers = [(); 8].map(|()| Worker::start("race 8", &scratch.path("")));
    let reports = workers.map(Worker::finish);
    for round in 0..ROUNDS {
        let index = usize::try_from(round).expect("few rounds");
        let numbers: BTreeSet<u8> = reports.iter().map(|numbers| numbers[index]).collect();
        assert_eq!(numbers, (1..=8).collect(), "round {round}");
        let view = CounterFile::open_read_only(scratch.path(&round.to_string()));
        let counters: Vec<_> = view.expect("the file opens").iter().collect();
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
    let mut created = 0;
    for round in 0..20 {
        let mut worker = Worker::start(&format!("create {round}"), &scratch.path(""));
        created += worker.hear(1).len();
        wait_up_to(3_000);
        created += worker.kill().len();
    }
    let names = scratch.names();
    let (unfinished, files): (Vec<_>, Vec<_>) =
        names.iter().partition(|name| name.starts_with(".hotcount-"));
    assert!((created..=created + 20).contains(&files.len()), "{} of {created}", files.len());
    let leftovers = if cfg!(target_os = "linux") { 0 } else { 20 };
    assert!(unfinished.len() <= leftovers, "{unfinished:?}");
    for name in files {
        let file = CounterFile::open(scratch.path(name)).expect("the file is whole");
        file.counter("hits").expect("there is room").increment();
    }
}

#[test]
fn the_capacity_counts_at_creation_only() {
    let scratch = Scratch::new();
    let path = scratch.path("small");
    for capacity in [0, (1 << 24) + 1, usize::MAX] {
        let error = CounterFile::options().capacity(capacity).open(&path).expect_err("refused");
        assert_eq!(*error.kind(), ErrorKind::Capacity { capacity });
    }
    assert_eq!(scratch.names(), [""; 0]);
    CounterFile::options().capacity(3).open(&path).expect("the file is created");
    let file = CounterFile::options().capacity(0).open(&path).expect("the file is there");
    assert_eq!(fs::metadata(&path).expect("the file is there").len(), 4 * 128);
    assert_eq!(format!("{file:?}"), format!("CounterFile {{ path: {path:?}, capacity: 3, .. }}"));
}

#[test]
fn a_held_creation_lock_delays_a_creator_and_no_more() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let locked = if cfg!(windows) { scratch.path("hits.counters.lock") } else { scratch.path("") };
    if cfg!(windows) {
        fs::write(&locked, "").expect("the file is written");
    }
    let holder = fs::File::open(&locked).expect("it opens");
    fs4::FileExt::lock(&holder).expect("the lock is free");
    CounterFile::open(&path).expect("the file is created").sync().expect("the file is synced");
}

#[cfg(unix)]
#[test]
fn a_file_that_vanishes_while_it_is_opened_was_replaced() {
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
    use std::thread;
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Relaxed) {
                let _ = fs::remove_file(&path);
            }
        });
        let results = (0..2000).map(|_| CounterFile::open(&path));
        let errors: Vec<_> = results.filter_map(Result::err).take(20).collect();
        stop.store(true, Relaxed);
        for error in errors {
            assert_eq!(*error.kind(), ErrorKind::Replaced, "{error}");
        }
    });
}
