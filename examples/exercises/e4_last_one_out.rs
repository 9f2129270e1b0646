//! Exercise 4: two threads leave a room. The last one, and only this one, turns off the light.
//!
//! Repair `leave`. No lock.
//!
//! Check it: `cargo run --example exercises -- 4`. To read first: `04_atomic`.

use super::{explorer::Word, tasks::LastOneOut};

pub struct Room {
    left: Word,
}

impl LastOneOut for Room {
    fn new() -> Self {
        Self { left: Word::new("left") }
    }

    fn leave(&self) -> bool {
        self.left.fetch_add(1);
        self.left.load() == 2
    }
}
