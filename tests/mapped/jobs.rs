//! What a `Worker` does, in its own process.

use std::io::{Read, Write, stderr, stdin};
use std::path::Path;
use std::{env, fs, thread, time::Duration};

use hotcount::mapped::{CounterFile, Error, MappedCounter};
use hotcount::{Counter, FetchAdd};

pub(crate) const JOB: &str = "HOTCOUNT_JOB";
pub(crate) const FILE: &str = "HOTCOUNT_FILE";
/// How many files are created in a race.
pub(crate) const ROUNDS: u64 = 200;

#[test]
#[ignore = "it is the process that other tests start"]
fn a_worker_does_its_job() {
    let (Ok(job), Some(path)) = (env::var(JOB), env::var_os(FILE)) else { return };
    // SAFETY: it has no memory to do with. A worker that hangs fails, it does not wait.
    unsafe { libc::alarm(100) };
    let (job, argument) = job.split_once(' ').unwrap_or((&job, ""));
    let number = || argument.parse().expect("a number");
    let path = Path::new(&path);
    match job {
        "count" => count(&hits(path), number()),
        "number" => tell_numbers(&hits(path), number()),
        "acknowledge" => acknowledge(&hits(path)),
        "register" => register(&open(path), argument),
        "create" => create(path, argument),
        "race" => race(path, number()),
        "id" => tell(&open(path).counter(argument).expect("there is room").id().to_le_bytes()),
        "hold" => hold(path),
        "move" => move_away(path),
        "nobody" => be_nobody(path),
        "limit" => write_under_a_limit(path),
        _ => panic!("nobody knows the job {job:?}"),
    }
}

fn tell(bytes: &[u8]) {
    stderr().write_all(bytes).expect("somebody hears it");
}

fn open(path: &Path) -> CounterFile {
    CounterFile::open(path).expect("it opens")
}

fn hits(path: &Path) -> MappedCounter {
    open(path).counter("hits").expect("there is room")
}

fn count(hits: &MappedCounter, times: u64) {
    (0..times).for_each(|_| hits.increment());
}

/// Numbers as fast as it can, once a word on its input says so.
fn tell_numbers(hits: &MappedCounter, times: u64) {
    tell(b".");
    stdin().read_exact(&mut [0]).expect("somebody says so");
    let numbers: Vec<_> = (0..times).map(|_| hits.increment_and_get().to_le_bytes()).collect();
    tell(numbers.as_flattened());
}

fn acknowledge(hits: &MappedCounter) {
    loop {
        hits.increment();
        tell(b".");
    }
}

fn register(file: &CounterFile, name: &str) {
    for number in 0.. {
        file.counter(&format!("{name} {number}")).expect("there is room").increment();
        tell(b".");
    }
}

fn create(directory: &Path, name: &str) {
    for number in 0.. {
        open(&directory.join(format!("{name} {number}")));
        tell(b".");
    }
}

fn race(directory: &Path, workers: u64) {
    let arrived = open(&directory.join("start")).counter("arrived").expect("there is room");
    for round in 0..ROUNDS {
        arrived.increment();
        while arrived.get() < (round + 1) * workers {
            thread::yield_now();
        }
        let number = hits(&directory.join(round.to_string())).increment_and_get();
        tell(&[u8::try_from(number).expect("few workers")]);
    }
}

fn hold(path: &Path) {
    let file = fs::File::open(path).expect("it opens");
    file.lock().expect("it is free");
    tell(b".");
    thread::sleep(Duration::from_secs(100));
}

fn move_away(directory: &Path) {
    env::set_current_dir(directory).expect("it is there");
    let file = open(Path::new("moved"));
    env::set_current_dir("/").expect("it is there");
    count(&file.counter("hits").expect("it finds its file"), 3);
    file.sync().expect("it is stored");
}

fn be_nobody(path: &Path) {
    // SAFETY: they have no memory to do with.
    unsafe {
        if libc::geteuid() == 0 {
            assert_eq!((libc::setgid(65534), libc::setuid(65534)), (0, 0));
        }
    }
    tell_error(&CounterFile::open(path).expect_err("it may not"));
    if let Err(error) = CounterFile::open_read_only(path) {
        tell_error(&error);
    }
}

fn write_under_a_limit(path: &Path) {
    let limit = libc::rlimit { rlim_cur: 64 * 1024, rlim_max: 64 * 1024 };
    // SAFETY: the limit lives until the call returns.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        assert_eq!(libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit), 0);
    }
    tell_error(&CounterFile::open(path).expect_err("there is no room"));
}

fn tell_error(error: &Error) {
    let variant = format!("{error:?}");
    let variant = variant.split(' ').next().expect("a word");
    tell(format!("{variant} {error}\n").as_bytes());
}
