//! The table behind every [`ShardedCounter`](crate::ShardedCounter).
//!
//! ```text
//!              hits   misses  bytes  …        one row = one thread's cells, side by side
//!  thread A  [  512  |   3   |  9120 | … ]    add = load, add, store in the thread's own row
//!  thread B  [  498  |   0   |  8801 | … ]    get = the sum of a column
//!  (idle)    [   40  |   1   |   730 | … ]    a thread that ends leaves its row to the next
//! ```
//!
//! A cell only goes up, and only its row's owner writes it. So nothing is ever folded, zeroed or
//! moved, and a reader needs no lock: whatever it meets is a count that was true. A row that is
//! handed on keeps its values; a column that is handed on keeps its sum, which the next counter
//! subtracts as its baseline.
//!
//! Taking a row or a column needs the lock, which is tried and never waited for. Giving one back
//! needs no lock.
//!
//! The per-thread counter that is read by summing is described in McKenney's *Is Parallel
//! Programming Hard*, chapter 5; the rows that outlive their threads are ours.

use super::free_list::{FreeList, TakenList};
use super::row::{LENGTHS, Row, class_of};
use super::row_allocator::RowAllocator;
use crate::sync::{
    AtomicUsize, CLASSES, Mutex, MutexGuard, OnceLock, RUN_SIZES, SEGMENTS, array, const_fn,
    process_wide, zeroed,
};

process_wide! {
    /// The process's table.
    pub(crate) fn table() -> &'static Table = Table::new()
}

/// All rows, and which of them and of the columns are free.
pub(crate) struct Table {
    /// Every row ever made, in segments of 1, 2, 4, … places: no row moves, a reader takes no
    /// lock, and neighbors share cache lines.
    segments: [OnceLock<Box<[OnceLock<Row>]>>; SEGMENTS],
    /// The rows that no thread has, one list for each class.
    idle_rows: [FreeList; CLASSES],
    /// The runs of columns that no counter has, by the class of rows that reach them and by the
    /// binary logarithm of their length.
    free_columns: [[FreeList; RUN_SIZES]; CLASSES],
    /// For each class, a link for each column that it reaches. The links of shorter classes are
    /// unused there, and cost nothing.
    column_links: [OnceLock<Box<[AtomicUsize]>>; CLASSES],
    supply: Mutex<Supply>,
}

/// New rows and columns, for the thread that holds the lock.
pub(crate) struct Supply {
    rows: usize,
    columns: usize,
    allocator: RowAllocator,
    idle_rows: [TakenList; CLASSES],
    free_columns: [[TakenList; RUN_SIZES]; CLASSES],
}

/// Neighboring columns that were taken together.
pub(crate) struct Columns {
    pub(crate) first: usize,
    /// Whether no counter had them before: then all their cells are zero.
    pub(crate) are_new: bool,
}

impl Table {
    const_fn! {
        /// A table without rows.
        fn new() -> Self {
            Self {
                segments: array![OnceLock::new(); SEGMENTS],
                idle_rows: array![FreeList::new(); CLASSES],
                free_columns: array![array![FreeList::new(); RUN_SIZES]; CLASSES],
                column_links: array![OnceLock::new(); CLASSES],
                supply: Mutex::new(Supply {
                    rows: 0,
                    columns: 0,
                    allocator: RowAllocator::new(),
                    idle_rows: [const { TakenList::EMPTY }; CLASSES],
                    free_columns: [const { [const { TakenList::EMPTY }; RUN_SIZES] }; CLASSES],
                }),
            }
        }
    }

    /// Locks the supply, so that rows and columns can be taken. Returns `None` if another thread
    /// has it, which may be for good: in a forked child, that thread was not copied.
    pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, Supply>> {
        self.supply.try_lock()
    }

    /// Sums column `index` over all rows.
    #[inline]
    pub(crate) fn sum(&self, index: usize) -> u64 {
        self.rows().map(|row| row.get(index)).fold(0, u64::wrapping_add)
    }

    /// All rows, in the order in which they were made.
    #[inline]
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row> {
        let segments = self.segments.iter().map_while(OnceLock::get);
        segments.flatten().map_while(OnceLock::get)
    }

    /// Takes an idle row that reaches column `index`, or makes one that reaches all columns.
    /// Returns `None` if the lock is not to be had.
    pub(super) fn take_row(&self, index: usize) -> Option<&Row> {
        let mut supply = self.try_lock()?;
        let idle = (class_of(index)?..CLASSES).find_map(|class| {
            let taken = &mut supply.idle_rows[class];
            self.idle_rows[class].pop(taken, |number| &self.row(number).next)
        });
        Some(match idle {
            Some(number) => self.row(number),
            None => self.new_row(&mut supply),
        })
    }

    /// Makes a row that reaches all columns so far.
    fn new_row(&self, supply: &mut Supply) -> &Row {
        let class = class_of(supply.columns.saturating_sub(1)).unwrap_or(CLASSES - 1);
        let cells = supply.allocator.row(class);
        let number = supply.rows;
        supply.rows += 1;
        let (segment, place) = place_of(number);
        let segment = self.segments[segment]
            .get_or_init(|| (0..1 << segment).map(|_| OnceLock::new()).collect());
        // Under the lock, so places are filled in order, and a reader that stops at the first empty
        // one has met every row.
        segment[place].get_or_init(|| Row::new(cells, number))
    }

    /// Returns row `number`, which is there.
    fn row(&self, number: usize) -> &Row {
        let (segment, place) = place_of(number);
        let row = self.segments[segment].get().and_then(|segment| segment[place].get());
        row.expect("a row that was given back is in the table")
    }

    /// Leaves `row` to the next thread. The caller does not write to it any more.
    pub(super) fn give_row(&self, row: &Row) {
        if let Some(class) = class_of(row.len() - 1) {
            self.idle_rows[class].push(row.number, &row.next);
        }
    }

    /// Takes `count` neighboring columns: the first ones that are free, or new ones. Returns `None`
    /// if the table has no more.
    pub(crate) fn take_columns(&self, supply: &mut Supply, count: usize) -> Option<Columns> {
        let size = run_size(count)?;
        // Lower classes first: rows stay short.
        for class in 0..CLASSES {
            let taken = &mut supply.free_columns[class][size];
            let link_of = |first| self.column_link(class, first);
            let free = self.free_columns[class][size].pop(taken, link_of);
            if let Some(first) = free {
                return Some(Columns { first, are_new: false });
            }
        }
        let first = supply.columns;
        let end = first + (1 << size);
        let class = class_of(end - 1)?;
        // Now, because giving back allocates nothing.
        self.column_links[class].get_or_init(|| zeroed(LENGTHS[class]));
        supply.columns = end;
        Some(Columns { first, are_new: true })
    }

    /// Leaves `count` columns to the next counter. They were taken together, and no thread adds in
    /// them any more.
    pub(crate) fn give_columns(&self, first: usize, count: usize) {
        let Some(size) = run_size(count) else { return };
        let Some(class) = class_of(first + (1 << size) - 1) else { return };
        self.free_columns[class][size].push(first, self.column_link(class, first));
    }

    /// Returns the link of the run of columns that starts at `first` and ends in `class`.
    fn column_link(&self, class: usize, first: usize) -> &AtomicUsize {
        &self.column_links[class].get().expect("it was made with the columns")[first]
    }
}

/// Returns the segment of row `number`, and its place there.
fn place_of(number: usize) -> (usize, usize) {
    let segment = (number + 1).ilog2();
    (segment as usize, number + 1 - (1 << segment))
}

/// Returns the binary logarithm of the run that holds `count` columns.
fn run_size(count: usize) -> Option<usize> {
    let size = count.next_power_of_two().ilog2() as usize;
    (size < RUN_SIZES).then_some(size)
}
