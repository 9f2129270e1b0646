//! What a `Worker` does, in its own process.

use std::io::{Read, Write, stderr, stdin};
use std::path::Path;
use std::{env, fs, process, thread, time::Duration};

use hotcount::mapped::{CounterFile, MappedCounter};
use hotcount::{Counter, FetchAdd};

use crate::scratch::wait_until;

pub(crate) const JOB: &str = "HOTCOUNT_JOB";
pub(crate) const FILE: &str = "HOTCOUNT_FILE";
/// How many files are created in a race. Wine, in which the tests of Windows run, is slow.
pub(crate) const ROUNDS: u64 = if cfg!(windows) { 20 } else { 200 };

#[test]
#[ignore = "other tests start it as a process"]
fn a_worker_does_its_job() {
    let (Ok(job), Some(path)) = (env::var(JOB), env::var_os(FILE)) else { return };
    thread::spawn(|| {
        thread::sleep(Duration::from_secs(100));
        eprintln!("a worker hangs");
        process::exit(1);
    });
    let (job, argument) = job.split_once(' ').unwrap_or((&job, ""));
    let number = || argument.parse().expect("a number");
    let path = Path::new(&path);
    match job {
        "acknowledge" => acknowledge(&hits(path)),
        "move" => change_directory(path),
        "count" => count(&hits(path), number()),
        "create" => create(path, argument),
        "hold" => hold(path),
        "id" => report_id(&open(path), argument),
        "large" => create_large(path, argument.parse().expect("a number")),
        "number" => report_numbers(&hits(path), number()),
        "race" => race(path, number()),
        "register" => register(&open(path), argument),
        #[cfg(unix)]
        "limit" => crate::unix_files::create_under_a_limit(path, argument),
        #[cfg(unix)]
        "unprivileged" => crate::unix_files::open_unprivileged(path),
        _ => panic!("there is no job {job:?}"),
    }
}

pub(crate) fn report(bytes: &[u8]) {
    stderr().write_all(bytes).expect("the test reads the report");
}

fn wait_for_the_test() {
    report(b".");
    stdin().read_exact(&mut [0]).expect("the test tells the worker to go on");
}

fn open(path: &Path) -> CounterFile {
    CounterFile::open(path).expect("the file opens")
}

fn hits(path: &Path) -> MappedCounter {
    open(path).counter("hits").expect("there is room")
}

fn count(hits: &MappedCounter, times: u64) {
    (0..times).for_each(|_| hits.increment());
}

fn report_numbers(hits: &MappedCounter, times: u64) {
    wait_for_the_test();
    let numbers: Vec<_> = (0..times).map(|_| hits.increment_and_get().to_le_bytes()).collect();
    report(numbers.as_flattened());
}

fn acknowledge(hits: &MappedCounter) {
    loop {
        hits.increment();
        report(b".");
    }
}

fn register(file: &CounterFile, name: &str) {
    for number in 0.. {
        file.counter(&format!("{name} {number}")).expect("there is room").increment();
        report(b".");
    }
}

fn create(directory: &Path, name: &str) {
    for number in 0.. {
        open(&directory.join(format!("{name} {number}")));
        report(b".");
    }
}

fn create_large(path: &Path, capacity: usize) {
    wait_for_the_test();
    match CounterFile::options().capacity(capacity).open(path) {
        Ok(file) => file.counter("hits").expect("there is room").increment(),
        Err(error) => report(error.to_string().as_bytes()),
    }
}

fn race(directory: &Path, workers: u64) {
    let arrived = open(&directory.join("start")).counter("arrived").expect("there is room");
    for round in 0..ROUNDS {
        arrived.increment();
        wait_until("all workers arrive", || arrived.get() >= (round + 1) * workers);
        let number = hits(&directory.join(round.to_string())).increment_and_get();
        report(&[u8::try_from(number).expect("few workers")]);
    }
}

/// Holds the lock under which names are registered.
fn hold(path: &Path) {
    let locked = if cfg!(windows) { path.with_extension("counters.lock") } else { path.into() };
    let mut options = fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).open(locked);
    let file = file.expect("the file opens");
    fs4::FileExt::lock(&file).expect("the lock is free");
    report(b".");
    thread::sleep(Duration::from_secs(100));
}

fn change_directory(directory: &Path) {
    env::set_current_dir(directory).expect("the directory is there");
    let file = open(Path::new("moved"));
    env::set_current_dir(env::temp_dir()).expect("the directory is there");
    count(&file.counter("hits").expect("the file is found"), 3);
    file.sync().expect("the file is synced");
}

fn report_id(file: &CounterFile, name: &str) {
    let counter = file.counter(name).expect("there is room");
    report(&counter.persistent_id().expect("it is in a file").to_le_bytes());
}
