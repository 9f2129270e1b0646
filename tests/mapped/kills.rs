use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use hotcount::mapped::CounterFile;
use hotcount::{Counter, FetchAdd};

use crate::scratch::Scratch;
use crate::worker::{Worker, wait_up_to};

#[test]
fn a_kill_loses_no_acknowledged_addition_and_blocks_no_other_process() {
    const ROUNDS: u64 = 15;
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let hits = CounterFile::open(&path).expect("the file is created").counter("hits");
    let hits = hits.expect("there is room");
    for round in 0..ROUNDS {
        let start = hits.get();
        let mut victims = [(); 2].map(|()| Worker::start("acknowledge", &path));
        let other = Worker::start("count 5000", &path);
        let heard: usize = victims.iter_mut().map(|victim| victim.hear(1).len()).sum();
        wait_up_to(5_000);
        let rest: usize = victims.map(|victim| victim.kill().len()).iter().sum();
        other.finish();
        let acknowledged = (heard + rest) as u64;
        let counted = hits.get() - start - 5_000;
        let expected = acknowledged..=acknowledged + 2;
        assert!(expected.contains(&counted), "{counted}, not {expected:?}, in round {round}");
    }
}

#[test]
fn a_kill_while_names_are_registered_leaves_a_file_that_works() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::options().capacity(100_000).open(&path).expect("the file is created");
    let mut acknowledged = BTreeSet::new();
    for round in 0..15 {
        let names = [0, 1].map(|worker| format!("{round} {worker}"));
        let mut victims =
            names.each_ref().map(|name| Worker::start(&format!("register {name}"), &path));
        let heard = victims.each_mut().map(|victim| victim.hear(1).len());
        wait_up_to(3_000);
        let rest = victims.map(|victim| victim.kill().len());
        for worker in 0..2 {
            let numbers = 0..heard[worker] + rest[worker];
            acknowledged.extend(numbers.map(|number| format!("{} {number}", names[worker])));
        }
        let number = file.counter(&format!("after {round}")).expect("there is room");
        assert_eq!(number.increment_and_get(), 1);
        acknowledged.insert(format!("after {round}"));
    }
    let view = CounterFile::open_read_only(&path).expect("the file is whole");
    let names: BTreeSet<_> = view.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), view.iter().count(), "no name twice");
    assert!(acknowledged.is_subset(&names));
    assert!(names.len() <= acknowledged.len() + 2 * 15);
    assert!(acknowledged.iter().all(|name| view.get(name) == Some(1)));
}

#[test]
fn a_holder_of_the_lock_blocks_no_count_and_no_read_and_when_killed_no_new_name() {
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::open(&path).expect("the file is created");
    file.counter("hits").expect("there is room").increment();
    let mut holder = Worker::start("hold", &path);
    holder.hear(1);

    let opened = CounterFile::open(&path).expect("the file opens");
    assert_eq!(opened.counter("hits").expect("the name is known").increment_and_get(), 2);
    let view = CounterFile::open_read_only(&path).expect("the file opens");
    assert_eq!(view.get("hits"), Some(2));
    thread::scope(|scope| {
        let waiting = scope.spawn(|| file.counter("new").expect("there is room").get());
        thread::sleep(Duration::from_millis(50));
        assert_eq!(view.get("new"), None, "the thread waits for the lock");
        holder.kill();
        assert_eq!(waiting.join().expect("the thread gets the lock"), 0);
    });
    assert_eq!(view.get("new"), Some(0));
}

#[cfg(unix)]
#[test]
fn a_holder_of_the_lock_that_was_stopped_is_an_error_after_a_while() {
    use hotcount::mapped::ErrorKind;
    let scratch = Scratch::new();
    let path = scratch.path("hits.counters");
    let file = CounterFile::open(&path).expect("the file is created");
    let mut holder = Worker::start("hold", &path);
    holder.hear(1);
    holder.signal(libc::SIGSTOP);
    let error = file.counter("new").expect_err("the lock is held");
    assert_eq!(*error.kind(), ErrorKind::Busy, "{error}");
    holder.signal(libc::SIGCONT);
    holder.kill();
    file.counter("new").expect("there is room").increment();
}
