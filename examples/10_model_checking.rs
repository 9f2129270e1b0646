//! How do you know that a counter of your own is right?
//!
//! A test runs a few schedules, and a rare fault hides in the others. A model checker runs a small
//! program under every schedule that can make a difference. Here loom chooses the schedules, and the
//! helper `explorer` writes down the steps, so that you can follow a schedule that fails.
//!
//! Predict first: `broken` loads and then stores, and two threads call it. In how many orders can
//! their four steps happen, and how many of these orders fail?
//!
//! Run it: `cargo run --release --example 10_model_checking`
//!
//! Then you are the scheduler: with `-- play` you choose which thread takes the next step. Try to
//! give two clients one number. `-- play yours` lets you try the same with `yours`.
//!
//! To check a counter of your own, write its steps in `yours`. Keep it small: with every step there
//! are many more schedules.
//!
//! What it prints stands at the end of this file, so that you can predict it first.

use std::collections::BTreeSet;
use std::io::stdin;
use std::process::ExitCode;

use explorer::{Run, Word, every_run, play::play};

mod explorer;

/// What the threads share. A counter of yours may need more: `[Word; 2]`, or a struct.
type State = Word;

fn new_state() -> State {
    Word::new("count")
}

/// Adds 1 and returns the number of this addition.
fn broken(count: &State) -> u64 {
    let before = count.load();
    count.store(before + 1);
    before + 1
}

/// Adds 1 and returns the number of this addition. Write your own here.
fn yours(count: &State) -> u64 {
    count.fetch_add(1) + 1
}

/// Lets threads A and B take a number each, under every schedule.
fn two_threads(take: fn(&State) -> u64) -> BTreeSet<Run<u64>> {
    every_run(new_state, &[take, take], None)
}

fn fails(run: &Run<u64>) -> bool {
    run.returned != Ok(vec![1, 2]) && run.returned != Ok(vec![2, 1])
}

/// Prints what the threads were given at the end of a run.
fn print_end(run: &Run<u64>) {
    match &run.returned {
        Ok(numbers) => {
            println!("  thread A gets number {}, thread B gets number {}", numbers[0], numbers[1]);
        }
        Err(reason) => println!("  and here it stops: {reason}"),
    }
}

/// Prints how many schedules fail, and one of them. Returns whether none does.
fn check(name: &str, take: fn(&State) -> u64) -> bool {
    let runs = two_threads(take);
    let (example, failing) = Run::failing(&runs, fails);
    println!("{name}: {failing} of {} schedules fail", runs.len());
    if let Some(run) = example {
        run.print();
        print_end(run);
    }
    failing == 0
}

fn play_scheduler(take: fn(&State) -> u64) -> ExitCode {
    println!("Two threads take a number each. Try to give both the same number.");
    let runs = two_threads(take);
    let Some(run) = play(&runs, stdin().lock()) else {
        eprintln!("10_model_checking: the input ends before the threads do; type A or B each time");
        return ExitCode::from(2);
    };
    print_end(run);
    let found = "You found a schedule that fails.";
    println!("{}", if fails(run) { found } else { "Both are right. Try another order." });
    ExitCode::SUCCESS
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.join(" ").as_str() {
        "" => {
            check("broken()", broken);
            if check("yours()", yours) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        "play" => play_scheduler(broken),
        "play yours" => play_scheduler(yours),
        other => {
            eprintln!("10_model_checking: unknown `{other}`; try `play`, `play yours` or nothing");
            ExitCode::from(2)
        }
    }
}

// It prints:
// ```text
// broken(): 4 of 6 schedules fail
//   thread A loads count, it is 0
//   thread B loads count, it is 0
//   thread B stores 1 in count
//   thread A stores 1 in count
//   thread A gets number 1, thread B gets number 1
// yours(): 0 of 2 schedules fail
// ```
