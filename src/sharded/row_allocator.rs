use super::row::{CELLS_IN_A_LINE, CLASSES, LENGTHS, LINE};
use crate::sync::{AtomicU64, array, const_fn, zeroed};

/// Makes the cells of new rows.
///
/// The memory comes zeroed from the allocator. The operating system backs a page when it is first
/// used, so the part of a row that is not used costs nothing.
///
/// Rows of one class lie side by side. A reader of a column then goes through memory in equal
/// steps, which the processor predicts. Over 1,000 rows that halves the time.
pub(super) struct RowAllocator {
    classes: [Class; CLASSES],
}

/// The memory for the rows of one class.
struct Class {
    /// The part of the last block that is not used yet.
    rest: &'static [AtomicU64],
    /// The number of cells of all rows so far.
    used: usize,
}

/// The largest block that holds more than one row: 64 KiB.
const BLOCK: usize = 8_192;

impl RowAllocator {
    const_fn! {
        /// An allocator that has no memory yet.
        pub(super) fn new() -> Self {
            Self { classes: array![Class { rest: &[], used: 0 }; CLASSES] }
        }
    }

    /// Returns the cells of a new row, which are zero. They fill whole cache lines.
    pub(super) fn row(&mut self, class: usize) -> &'static [AtomicU64] {
        let length = LENGTHS[class];
        let Class { rest, used } = &mut self.classes[class];
        if rest.len() < length {
            // The block is as large as all before it. So there are few blocks, and at most half of
            // the rows are unused.
            let rows = ((*used).min(BLOCK) / length).max(1);
            *rest = leak_lines(rows * length);
        }
        let (row, others) = rest.split_at(length);
        *rest = others;
        *used += length;
        row
    }
}

/// Leaks zeroed cells that begin where a cache line begins.
fn leak_lines(length: usize) -> &'static [AtomicU64] {
    let cells = Box::leak(zeroed::<AtomicU64>(CELLS_IN_A_LINE + length));
    let starts_a_line = |cell| std::ptr::from_ref::<AtomicU64>(cell).addr() % LINE == 0;
    let start = cells.iter().take(CELLS_IN_A_LINE).position(starts_a_line).unwrap_or(0);
    &cells[start..][..length]
}
