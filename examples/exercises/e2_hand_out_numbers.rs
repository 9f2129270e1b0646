//! Exercise 2: two clients take a number each, one gets 1 and the other one gets 2.
//!
//! Repair `take_number`. No lock.
//!
//! Check it: `cargo run --example exercises -- 2`. To read first: `03_read_outside_the_lock`.

use super::{explorer::Word, tasks::HandOutNumbers};

pub struct Numbers {
    given: Word,
}

impl HandOutNumbers for Numbers {
    fn new() -> Self {
        Self { given: Word::new("given") }
    }

    fn take_number(&self) -> u64 {
        self.given.fetch_add(1);
        self.given.load()
    }
}
