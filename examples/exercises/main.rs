//! Can you repair a counter?
//!
//! Eight counters have a fault each, in the files `e1_…` to `e8_…` beside this one. Each file says
//! what to do. This program runs your counter under every schedule. If a schedule fails, it prints
//! the steps, so that you can follow them.
//!
//! Run it: `cargo run --example exercises`, or `cargo run --example exercises -- 3` for one of them
//!
//! It prints, as long as nothing is repaired:
//! ```text
//! 1 lose nothing            not yet: an addition is lost: 2 additions count as 1
//! 2 hand out numbers        not yet: both threads get number 2
//! 3 one seat                not yet: both threads get the one seat
//! 4 the last one out        not yet: both threads turn off the light
//! 5 windows                 not yet: 5 were added, and reader 1 is told of 0
//! 6 beside an await         not yet: both visitors get number 1
//! 7 two counts              not yet: thread B reads 2 requests with 100 bytes
//! 8 a cell per thread       not yet: an addition is counted twice: thread B reads 2
//!
//! Go on with examples/exercises/e1_lose_nothing.rs.
//! A schedule that fails:
//!   thread A loads total, it is 0
//!   thread B loads total, it is 0
//!   thread B stores 1 in total
//!   thread A stores 1 in total
//! ```

#![allow(unreachable_pub)]

use std::process::ExitCode;

use judges::Verdict;

#[path = "../explorer/mod.rs"]
mod explorer;

mod e1_lose_nothing;
mod e2_hand_out_numbers;
mod e3_one_seat;
mod e4_last_one_out;
mod e5_windows;
mod e6_beside_await;
mod e7_two_counts;
mod e8_cell_per_thread;
mod judges;
mod tasks;

struct Exercise {
    title: &'static str,
    file: &'static str,
    source: &'static str,
    judge: fn() -> Verdict,
}

macro_rules! exercise {
    ($title:literal, $file:literal, $judge:expr) => {
        Exercise { title: $title, file: $file, source: include_str!($file), judge: $judge }
    };
}

const EXERCISES: [Exercise; 8] = [
    exercise!("lose nothing", "e1_lose_nothing.rs", judges::lose_nothing::<e1_lose_nothing::Count>),
    exercise!(
        "hand out numbers",
        "e2_hand_out_numbers.rs",
        judges::hand_out_numbers::<e2_hand_out_numbers::Numbers>
    ),
    exercise!("one seat", "e3_one_seat.rs", judges::one_seat::<e3_one_seat::Seats>),
    exercise!(
        "the last one out",
        "e4_last_one_out.rs",
        judges::last_one_out::<e4_last_one_out::Room>
    ),
    exercise!("windows", "e5_windows.rs", judges::windows::<e5_windows::Hits>),
    exercise!(
        "beside an await",
        "e6_beside_await.rs",
        judges::count_beside_await::<e6_beside_await::Visitors>
    ),
    exercise!("two counts", "e7_two_counts.rs", judges::two_counts::<e7_two_counts::Counts>),
    exercise!(
        "a cell per thread",
        "e8_cell_per_thread.rs",
        judges::cell_per_thread::<e8_cell_per_thread::Counter>
    ),
];

impl Exercise {
    fn verdict(&self) -> Verdict {
        judges::uses_only_words_and_locks(self.source)?;
        (self.judge)()
    }
}

fn main() -> ExitCode {
    let chosen: Vec<String> = std::env::args().skip(1).collect();
    let chosen = match &chosen[..] {
        [] => 1..=8,
        [number] if (1..=8).any(|n| n.to_string() == *number) => {
            let number = number.parse().unwrap();
            number..=number
        }
        _ => {
            eprintln!("exercises: give the number of one exercise, 1 to 8, or nothing for all");
            return ExitCode::from(2);
        }
    };
    let mut first_fault = None;
    for number in chosen {
        let exercise = &EXERCISES[number - 1];
        print!("{number} {:22}  ", exercise.title);
        match exercise.verdict() {
            Ok(tried) => println!("solved: right under all {tried} schedules"),
            Err(fault) => {
                println!("not yet: {}", fault.what);
                first_fault.get_or_insert((exercise.file, fault));
            }
        }
    }
    let Some((file, fault)) = first_fault else { return ExitCode::SUCCESS };
    println!("\nGo on with examples/exercises/{file}.");
    if !fault.run.steps.is_empty() {
        println!("A schedule that fails:");
        fault.run.print();
    }
    ExitCode::FAILURE
}
