//! Exercise 8: each thread adds in a cell of its own, and the cell outlives its thread. A reader
//! sums the cells at any time. It counts no addition twice, and misses none that it has counted
//! before.
//!
//! Repair `end`. Leave `add_one` as it is: a plain load and a plain store are enough, because only
//! one thread at a time has the cell. No lock.
//!
//! Check it: `cargo run --example exercises -- 8`. To read first: `05_sharded`.

use super::{explorer::Word, tasks::CellPerThread};

pub struct Counter {
    cells: [Word; 2],
    /// 1 while a thread has the cell.
    in_use: [Word; 2],
    /// What ended threads have added.
    of_ended: Word,
}

impl CellPerThread for Counter {
    fn new() -> Self {
        Self {
            cells: [Word::new("cell 0"), Word::new("cell 1")],
            in_use: [Word::new("use of cell 0"), Word::new("use of cell 1")],
            of_ended: Word::new("sum of ended threads"),
        }
    }

    fn begin(&self) -> usize {
        // Two threads at most: if cell 0 is in use, cell 1 is free.
        if self.in_use[0].swap(1) == 0 {
            return 0;
        }
        self.in_use[1].swap(1);
        1
    }

    fn add_one(&self, cell: usize) {
        let loaded = self.cells[cell].load();
        self.cells[cell].store(loaded + 1);
    }

    fn end(&self, cell: usize) {
        let counted = self.cells[cell].load();
        self.of_ended.fetch_add(counted);
        self.cells[cell].store(0);
        self.in_use[cell].store(0);
    }

    fn get(&self) -> u64 {
        self.of_ended.load() + self.cells[0].load() + self.cells[1].load()
    }
}
