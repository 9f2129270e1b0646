//! The exercises of the course and their solutions, the explorer, and the answers to the quiz.
#![allow(missing_docs, unreachable_pub)]
// The solutions are checked twice: over the explorer's steps, and over loom's atomics.
#![allow(clippy::duplicate_mod)]

#[path = "../../examples/exercises/e1_lose_nothing.rs"]
mod e1_lose_nothing;
#[path = "../../examples/exercises/e2_hand_out_numbers.rs"]
mod e2_hand_out_numbers;
#[path = "../../examples/exercises/e3_one_seat.rs"]
mod e3_one_seat;
#[path = "../../examples/exercises/e4_last_one_out.rs"]
mod e4_last_one_out;
#[path = "../../examples/exercises/e5_windows.rs"]
mod e5_windows;
#[path = "../../examples/exercises/e6_beside_await.rs"]
mod e6_beside_await;
#[path = "../../examples/exercises/e7_two_counts.rs"]
mod e7_two_counts;
#[path = "../../examples/exercises/e8_cell_per_thread.rs"]
mod e8_cell_per_thread;
#[path = "../../examples/explorer/mod.rs"]
mod explorer;
#[path = "../../examples/exercises/judges.rs"]
mod judges;
#[path = "../../examples/exercises/tasks.rs"]
mod tasks;

mod answers;
mod exercises;
mod explored;
mod locked;
mod other_faults;
mod page;
mod solutions;
mod under_loom;
