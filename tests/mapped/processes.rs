use std::collections::BTreeSet;
use std::thread;

use hotcount::Counter;
use hotcount::mapped::CounterFile;

use crate::scratch::{Scratch, wait_until};
use crate::worker::Worker;

#[test]
fn ten_processes_times_1000_are_10_000() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let workers = [(); 10].map(|()| Worker::start("count 1000", &path));
    for worker in workers {
        worker.finish();
    }
    let view = CounterFile::open_read_only(&path).expect("the file opens");
    assert_eq!(view.iter().collect::<Vec<_>>(), [("hits".to_string(), 10_000)]);
    assert_eq!(scratch.names(), ["hits.counters"]);
}

#[test]
fn numbers_are_unique_over_processes_and_go_on_after_a_restart() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    for start in [0, 200_000] {
        let mut workers = [(); 4].map(|()| Worker::start("number 50000", &path));
        workers.iter_mut().for_each(|worker| assert_eq!(worker.hear(1), b"."));
        workers.iter_mut().for_each(Worker::go_on);
        let report = workers.map(Worker::finish).concat();
        let numbers: BTreeSet<u64> =
            report.chunks(8).map(|bytes| u64::from_le_bytes(bytes.try_into().unwrap())).collect();
        assert!(numbers.into_iter().eq(start + 1..=start + 200_000), "in the run from {start}");
    }
}

#[test]
fn a_monitor_beside_writers_sees_counts_that_only_go_up_and_end_exact() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::open(&path).expect("the file is created");
    let view = CounterFile::open_read_only(&path).expect("the file opens");
    assert_eq!((view.get("hits"), view.iter().count()), (None, 0));
    let workers = [(); 2].map(|()| Worker::start("count 200000", &path));
    let mut last = 0;
    wait_until("the workers have counted", || {
        let now = view.get("hits").unwrap_or(0);
        assert!((last..=400_000).contains(&now), "{now} after {last}");
        let (name, again) = view.iter().next().unwrap_or(("hits".into(), now));
        assert!(name == "hits" && again >= now, "{name} {again} after {now}");
        last = now;
        now == 400_000
    });
    for worker in workers {
        worker.finish();
    }
    assert_eq!(format!("{view:?}"), r#"{"hits": 400000}"#);
    assert_eq!(file.counter("hits").expect("the name is known").get(), 400_000);
}

#[test]
fn a_sync_under_load_confirms_and_loses_nothing() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::open(&path).expect("the file is created");
    let hits = file.counter("hits").expect("there is room");
    let worker = Worker::start("count 300000", &path);
    thread::scope(|scope| {
        let counting = scope.spawn(|| (0..300_000).for_each(|_| hits.increment()));
        while !counting.is_finished() {
            let before = hits.get();
            file.sync().expect("the file is synced");
            let stored = std::fs::read(&path).expect("the file can be read");
            let stored = u64::from_ne_bytes(*stored[128..].first_chunk().expect("a slot"));
            assert!(stored >= before, "{stored} after {before}");
        }
    });
    worker.finish();
    file.sync().expect("the file is synced");
    assert_eq!(hits.get(), 600_000);
}

#[test]
fn a_counter_outlives_its_file_and_a_relative_path_outlives_its_directory() {
    let scratch = Scratch::new();
    let file = CounterFile::open(scratch.path("moved")).expect("the file is created");
    let hits = file.counter("hits").expect("there is room");
    drop(file);
    hits.increment();
    Worker::start("move", &scratch.path("")).finish();
    assert_eq!(hits.get(), 4);
    assert_eq!(scratch.names(), ["moved"]);
}
