//! How do you know that a counter of your own is right?
//!
//! A test runs a few schedules, and a rare fault hides in the others. loom runs a small program
//! under every schedule that can make a difference. It takes loom's atomics and threads in place of
//! the real ones, so that before each step loom can choose which thread goes on.
//!
//! loom tells that something went wrong, not how. So each step here writes itself into a log, and
//! the log of the first schedule that fails is printed: the lost update of `01_lost_update`, found
//! by a machine.
//!
//! To check a counter of your own, write its steps in `yours` and run this again; what `Word` cannot
//! do yet is added to it in three lines. Keep it small: the schedules multiply with every step.
//!
//! Run it: `cargo run --release --example 10_model_checking`
//!
//! It prints:
//! ```text
//! wrong, broken(): 4 of 6 schedules fail
//!   thread A loads 0
//!   thread B loads 0
//!   thread A stores 1
//!   thread B stores 1
//!   thread A is given number 1, thread B is given number 1
//! right, yours(): 0 of 2 schedules fail
//! ```

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use loom::sync::atomic::{AtomicU64, Ordering::SeqCst};
use loom::thread;

thread_local! {
    /// loom runs its threads in turns on one real thread, so this is the log of all of them.
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn log(step: &str) {
    let who = thread::current().name().unwrap_or("A").to_string();
    LOG.with_borrow_mut(|log| log.push(format!("thread {who} {step}")));
}

/// An atomic word that logs its steps. They happen one after the other, so that the log tells the
/// whole story; what `Relaxed` allows beyond that is the theme of `08_signals`.
#[derive(Default)]
struct Word(AtomicU64);

impl Word {
    fn load(&self) -> u64 {
        // loom's own `load` may return an older value, as memory may. Adding nothing meets the
        // newest, and so does the `swap` below in place of a `store`.
        let value = self.0.fetch_add(0, SeqCst);
        log(&format!("loads {value}"));
        value
    }

    fn store(&self, value: u64) {
        self.0.swap(value, SeqCst);
        log(&format!("stores {value}"));
    }

    fn fetch_add(&self, n: u64) -> u64 {
        let before = self.0.fetch_add(n, SeqCst);
        log(&format!("adds {n} to {before}, in one step"));
        before
    }
}

/// What the counters below are made of: one word, or `[Word; 2]`, or a struct that is `Default`.
type State = Word;

/// Adds 1 and returns the number of this addition.
fn broken(count: &State) -> u64 {
    let before = count.load();
    count.store(before + 1);
    before + 1
}

/// Adds 1 and returns the number of this addition: write your own here.
fn yours(count: &State) -> u64 {
    count.fetch_add(1) + 1
}

/// The numbers that threads A and B were given, and the steps that led to them.
type Run = ((u64, u64), Vec<String>);

/// Lets two threads take a number each, under every schedule that can make a difference.
fn every_run(take: fn(&State) -> u64) -> BTreeSet<Run> {
    let runs = Arc::new(Mutex::new(BTreeSet::new()));
    let all_runs = runs.clone();
    loom::model(move || {
        LOG.take();
        let state = Arc::new(State::default());
        let same = state.clone();
        let b = thread::Builder::new().name("B".to_string()).spawn(move || take(&same)).unwrap();
        let given = (take(&state), b.join().unwrap());
        runs.lock().unwrap().insert((given, LOG.take()));
    });
    std::mem::take(&mut all_runs.lock().unwrap())
}

/// Prints the first schedule that fails; returns how many do, of how many.
fn check(name: &str, take: fn(&State) -> u64) -> (usize, usize) {
    let runs = every_run(take);
    let fails = |(given, _): &&Run| ![(1, 2), (2, 1)].contains(given);
    let failing: Vec<_> = runs.iter().filter(fails).collect();
    println!("{name}: {} of {} schedules fail", failing.len(), runs.len());
    if let Some(((a, b), log)) = failing.first() {
        log.iter().for_each(|step| println!("  {step}"));
        println!("  thread A is given number {a}, thread B is given number {b}");
    }
    (failing.len(), runs.len())
}

fn main() {
    assert_eq!(check("wrong, broken()", broken), (4, 6));
    let (failing, _) = check("right, yours()", yours);
    assert_eq!(failing, 0, "yours() gives a wrong number, see the schedule above");
}
