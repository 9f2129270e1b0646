//! Bytes in use, measured by the allocator.

mod allocated;

use std::env;
use std::process::Command;
use std::sync::{Barrier, OnceLock};
use std::thread;

use self::allocated::allocated;
use crate::common::record::{self, Figures};

/// Returns the bytes that `new` and `work` allocate and do not free. Each of the threads, all still
/// alive, has done `work`; `check` looks at the outcome.
pub(crate) fn bytes<S: Send + Sync>(
    threads: usize,
    new: impl FnOnce() -> S,
    work: impl Fn(&S) + Sync,
    check: impl FnOnce(&S),
) -> usize {
    let subject = OnceLock::<S>::new();
    let barrier = Barrier::new(threads + 1);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                barrier.wait(); // all have started
                barrier.wait(); // the subject is there
                work(subject.get().expect("the subject is there"));
                barrier.wait(); // all have worked
                barrier.wait(); // it is measured
            });
        }
        barrier.wait(); // all have started, and allocated what a thread needs
        let before = allocated();
        let subject = subject.get_or_init(new);
        barrier.wait();
        barrier.wait(); // all have worked
        let bytes = allocated() - before;
        check(subject);
        barrier.wait();
        bytes
    })
}

/// Returns the bytes for a number, of threads or of counters.
pub(crate) type Measure = fn(usize) -> usize;

/// What a process measures: not by its arguments, which are those of `cargo bench`.
const NAME: &str = "HOTCOUNT_MEMORY_OF";
const NUMBER: &str = "HOTCOUNT_MEMORY_NUMBER";

/// Measures each subject for each number, in a process of its own, because rows stay. Records the
/// bytes divided by `shared_by`.
pub(crate) fn measure_all(
    bench: &str,
    subjects: &[(&'static str, Measure)],
    numbers: &[usize],
    shared_by: impl Fn(usize) -> f64,
) {
    if let Ok(number) = env::var(NUMBER) {
        let name = env::var(NAME).expect("the subject is set with the number");
        let (_, measure) =
            subjects.iter().find(|(known, _)| *known == name).expect("a known subject");
        println!("{}", measure(number.parse().expect("a number")));
        return;
    }
    let mut all = Figures::new();
    for (name, _) in subjects {
        for &number in numbers {
            let program = env::current_exe().expect("it runs");
            let mut process = Command::new(program);
            let output = process.env(NAME, name).env(NUMBER, number.to_string()).output();
            let printed = String::from_utf8(output.expect("it runs again").stdout);
            let bytes: u32 = printed.expect("it is text").trim().parse().expect("a number");
            let each = f64::from(bytes) / shared_by(number);
            println!("{bench}/{name}/{number}: {each} bytes each");
            all.entry(name.to_string()).or_default().insert(number, each);
        }
    }
    record::machine();
    record::figures(bench, &all);
}
