//! A solution for each exercise. Try your own first: `cargo run --example exercises`.

use super::{explorer, tasks};

pub mod e1_lose_nothing;
pub mod e2_hand_out_numbers;
pub mod e3_one_seat;
pub mod e4_last_one_out;
pub mod e5_windows;
pub mod e6_beside_await;
pub mod e7_two_counts;
pub mod e8_cell_per_thread;
