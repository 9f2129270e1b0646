//! Exercise 1: two threads add 1 each, and 2 are counted, whatever the schedule.
//!
//! Repair `add_one`. No lock: no thread may wait for another one.
//!
//! A `Word` has these steps: `load`, `store`, `fetch_add`, `swap` and `compare_exchange`. They do
//! what the atomics of the standard library do, without an `Ordering`. You find them in
//! `examples/explorer/word.rs`. What each method of an exercise has to return stands in `tasks.rs`,
//! in the same folder.
//!
//! Check it: `cargo run --example exercises -- 1`. To read first: `01_lost_update`, `04_atomic`.

use super::{explorer::Word, tasks::LoseNothing};

pub struct Count {
    total: Word,
}

impl LoseNothing for Count {
    fn new() -> Self {
        Self { total: Word::new("total") }
    }

    fn add_one(&self) {
        let loaded = self.total.load();
        self.total.store(loaded + 1);
    }

    fn get(&self) -> u64 {
        self.total.load()
    }
}
