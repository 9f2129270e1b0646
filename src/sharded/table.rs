//! The table behind every [`ShardedCounter`](crate::ShardedCounter):
//! [how it works](crate::docs::internals).
//!
//! Taking a row or a column needs the lock, which is tried and never waited for. Giving one back
//! needs no lock.

use super::free_columns::FreeColumns;
use super::free_list::FreeList;
use super::row::{CLASSES, Row, class_of};
use super::row_allocator::RowAllocator;
use crate::sync::{
    AtomicUsize, Hint, Mutex, MutexGuard, OnceLock, Ordering::Relaxed, array, chosen, const_fn,
    process_wide, tuned, zeroed,
};

/// The number of segments of rows. Each segment is twice as long as the one before.
const SEGMENTS: usize = tuned(usize::BITS as usize, 4);

process_wide! {
    /// The process's table.
    pub(crate) fn table() -> &'static Table = Table::new()
}

/// All rows, and the rows and columns that are free.
pub(crate) struct Table {
    /// Every row ever made, in segments of 1, 2, 4, … places. So no row moves, a reader takes no
    /// lock, and the places of neighbors share cache lines.
    segments: [OnceLock<Box<[OnceLock<Row>]>>; SEGMENTS],
    /// A link for each row. The links are not in `segments`, so that a reader of all rows reads
    /// less.
    row_links: [OnceLock<Box<[AtomicUsize]>>; SEGMENTS],
    /// The rows that no thread has, one list for each class.
    idle_rows: [FreeList; CLASSES],
    free_columns: FreeColumns,
    /// The number of rows. It is exact under the lock, and a hint elsewhere.
    rows_made: Hint,
    supply: Mutex<Supply>,
}

/// New rows and columns, for the thread that holds the lock.
pub(crate) struct Supply {
    columns: usize,
    allocator: RowAllocator,
}

/// A row that the calling thread owns.
pub(super) struct TakenRow {
    number: usize,
    pub(super) row: &'static Row,
}

/// Neighboring columns that were taken together.
pub(crate) struct Columns {
    pub(crate) first: usize,
    /// Whether no counter had them before. Then all their cells are zero.
    pub(crate) are_new: bool,
}

impl Table {
    const_fn! {
        /// A table without rows.
        fn new() -> Self {
            Self {
                segments: array![OnceLock::new(); SEGMENTS],
                row_links: array![OnceLock::new(); SEGMENTS],
                idle_rows: array![FreeList::new(); CLASSES],
                free_columns: FreeColumns::new(),
                rows_made: Hint::new(0),
                supply: Mutex::new(Supply { columns: 0, allocator: RowAllocator::new() }),
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
    pub(crate) fn sum(&'static self, index: usize) -> u64 {
        let mut sum = 0_u64;
        self.for_each_row(|row| sum = sum.wrapping_add(row.get(index)));
        sum
    }

    /// Visits all rows, in the order in which they were made.
    #[inline]
    pub(crate) fn for_each_row(&'static self, mut visit: impl FnMut(&'static Row)) {
        // Two loops: over one row they take two thirds of the instructions of a flattened iterator.
        for segment in self.segments.iter().map_while(OnceLock::get) {
            for row in segment.iter().map_while(OnceLock::get) {
                visit(row);
            }
        }
    }

    /// Returns the number of additions after which a counter claims a column. By then they have
    /// cost about as much as the claim, which reads every row for the baseline.
    pub(crate) fn warm_up(&self) -> usize {
        chosen(8 + self.rows_made.load(Relaxed) / 16)
    }

    /// Takes an idle row that reaches column `index`, or makes one that reaches all columns.
    /// Returns `None` if another thread holds the lock.
    pub(super) fn take_row(&'static self, index: usize) -> Option<TakenRow> {
        let mut supply = self.try_lock()?;
        let mut reaching = self.idle_rows[class_of(index)?..].iter();
        let idle = reaching.find_map(|list| list.pop(|number| self.row_link(number)));
        Some(match idle {
            Some(number) => TakenRow { number, row: self.row(number) },
            None => self.new_row(&mut supply),
        })
    }

    /// Makes a row that reaches all columns so far.
    fn new_row(&'static self, supply: &mut Supply) -> TakenRow {
        let class = class_of(supply.columns.saturating_sub(1)).unwrap_or(CLASSES - 1);
        let number = self.rows_made.fetch_add(1, Relaxed);
        let (segment, place) = place_of(number);
        // Made before the row, because giving the row back must not allocate.
        self.row_links[segment].get_or_init(|| zeroed(1 << segment));
        let places = self.segments[segment]
            .get_or_init(|| (0..1 << segment).map(|_| OnceLock::new()).collect());
        // Under the lock, so places are filled in order. A reader that stops at the first empty
        // place has met every row whose additions happened before its read.
        let row = places[place].get_or_init(|| Row::new(supply.allocator.row(class)));
        TakenRow { number, row }
    }

    /// Returns row `number`, which exists.
    fn row(&self, number: usize) -> &Row {
        let (segment, place) = place_of(number);
        let row = self.segments[segment].get().and_then(|places| places[place].get());
        row.expect("a row that was given back is in the table")
    }

    /// Returns the link of row `number`, which exists.
    fn row_link(&self, number: usize) -> &AtomicUsize {
        let (segment, place) = place_of(number);
        &self.row_links[segment].get().expect("it was made with the row")[place]
    }

    /// Leaves a row to the next thread. The caller must not write to it any more.
    pub(super) fn give_row(&self, TakenRow { number, row }: TakenRow) {
        if let Some(class) = class_of(row.len() - 1) {
            self.idle_rows[class].push(number, self.row_link(number));
        }
    }

    /// Takes `count` neighboring columns, free ones if there are any, or else new ones. Returns
    /// `None` if the table has no more.
    pub(crate) fn take_columns(&self, supply: &mut Supply, count: usize) -> Option<Columns> {
        if let Some(first) = self.free_columns.take(count) {
            return Some(Columns { first, are_new: false });
        }
        let first = supply.columns;
        supply.columns = self.free_columns.prepare(first, count)?;
        Some(Columns { first, are_new: true })
    }

    /// Leaves `count` columns, which were taken together, to the next counter. No thread may add in
    /// them any more.
    pub(crate) fn give_columns(&self, first: usize, count: usize) {
        self.free_columns.give(first, count);
    }
}

/// Returns the segment of row `number`, and its place there.
fn place_of(number: usize) -> (usize, usize) {
    let segment = (number + 1).ilog2();
    (segment as usize, number + 1 - (1 << segment))
}
