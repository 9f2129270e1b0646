use super::row::Row;
use crate::sync::{AtomicU64, LINE, const_fn};

/// Zeroed memory that rows are cut from.
///
/// Rows that are made one after the other lie side by side, whichever threads they are for. A
/// reader of a column then goes through memory in even steps, which the processor foresees: over
/// 1,000 rows that takes half the time.
pub(super) struct Slab {
    rest: &'static [AtomicU64],
    /// The cells of all rows so far.
    cut: usize,
}

/// The most cells that are made ready for rows to come: 64 KiB.
const MOST: usize = 8_192;

impl Slab {
    const_fn! {
        /// A slab that has nothing yet.
        pub(super) fn new() -> Self {
            Self { rest: &[], cut: 0 }
        }
    }

    /// Cuts a row for `columns` columns. Its length is rounded up to whole cache lines and to a
    /// power of two, so a row that takes the place of a shorter one is at least twice as long.
    pub(super) fn cut(&mut self, columns: usize) -> Row {
        let line = LINE / size_of::<u64>();
        let length = columns.next_multiple_of(line).next_power_of_two();
        if self.rest.len() < length {
            // As much as all before it, within reason: few slabs, and never more than half unused.
            self.rest = leak_lines(length.max(self.cut.min(MOST)));
        }
        let (cells, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.cut += length;
        Row { cells }
    }
}

/// Leaked zeros that begin and end with a cache line.
fn leak_lines(length: usize) -> &'static [AtomicU64] {
    let line = LINE / size_of::<u64>();
    let cells: Box<[_]> = (0..line + length).map(|_| AtomicU64::new(0)).collect();
    let starts_a_line = |cell| std::ptr::from_ref::<AtomicU64>(cell).addr() % LINE == 0;
    let start = cells.iter().position(starts_a_line).unwrap_or(0);
    &Box::leak(cells)[start..][..length]
}
