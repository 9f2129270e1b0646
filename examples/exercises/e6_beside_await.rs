//! Exercise 6: one thread runs two tasks. Each counts a visitor, writes to the log, and returns the
//! visitor's number, 1 or 2.
//!
//! Repair `visit`. It has to write to the log before it returns. You may use a `Lock` in place of
//! the `Word`, see exercise 3: but what happens if a task holds it while it awaits?
//!
//! Check it: `cargo run --example exercises -- 6`. To read first: `09_async`.

use super::{
    explorer::{Word, write_to_the_log},
    tasks::CountBesideAwait,
};

pub struct Visitors {
    visitors: Word,
}

impl CountBesideAwait for Visitors {
    fn new() -> Self {
        Self { visitors: Word::new("visitors") }
    }

    async fn visit(&self) -> u64 {
        let number = self.visitors.load() + 1;
        write_to_the_log().await;
        self.visitors.store(number);
        number
    }
}
