use std::cell::Cell;

use super::row::OwnRow;
use super::table::{TakenRow, table};
use crate::sync::thread_local;

thread_local! {
    /// The row, where an addition finds it in one step. It has no destructor, so the compiler reads
    /// it like any variable.
    static ROW: Cell<OwnRow> = const { Cell::new(OwnRow::NONE) };
    /// Whether the thread is in the slow path. It has no destructor, so a global allocator can read
    /// it.
    static IS_BUSY: Cell<bool> = const { Cell::new(false) };
    /// The row again. Its destructor gives the row back when the thread ends.
    static OWNER: Owner = const { Owner { row: Cell::new(None) } };
}

/// Returns the calling thread's row. It is [`OwnRow::NONE`] before the thread has taken a row, and
/// after it has given its row back.
#[inline]
pub(crate) fn row() -> OwnRow {
    ROW.try_with(Cell::get).unwrap_or(OwnRow::NONE)
}

/// Returns the calling thread's row, and takes a longer one first if it does not reach column
/// `index`.
///
/// The result still does not reach the column if another thread holds the table's lock, or if the
/// calling thread is ending. This function waits for nothing.
pub(crate) fn row_that_reaches(index: usize, _slow: &SlowPath) -> OwnRow {
    // A row that reaches the column is kept. So a thread's row never gets shorter.
    if !row().reaches(index) {
        // Fails while the thread ends, after it has given its row back.
        let _ = OWNER.try_with(|owner| owner.take(index));
    }
    row()
}

/// The mark of a thread that is in the slow path of an addition, until this is dropped.
///
/// The slow path may call a global allocator that counts as well, while it makes a row or registers
/// a destructor. Such an addition finds the mark, and goes to the counter's own word.
pub(crate) struct SlowPath(());

impl SlowPath {
    /// Marks the calling thread. Returns `None` if it is marked already.
    pub(crate) fn enter() -> Option<Self> {
        let is_free = IS_BUSY.try_with(|busy| !busy.replace(true)).unwrap_or(false);
        // Not `then_some`: it would make a second mark even if the thread is marked already, and
        // dropping that one would end the first mark.
        is_free.then(|| Self(()))
    }
}

impl Drop for SlowPath {
    fn drop(&mut self) {
        let _ = IS_BUSY.try_with(|busy| busy.set(false));
    }
}

/// A thread's ownership of a row, up to its end.
struct Owner {
    row: Cell<Option<TakenRow>>,
}

impl Owner {
    /// Takes a row that reaches column `index` in place of the one before.
    fn take(&self, index: usize) {
        if let Some(longer) = table().take_row(index) {
            self.replace(Some(longer));
        }
    }

    /// Takes `row` in place of the row before, and gives that one back. The thread forgets it
    /// first, because another thread may take it at once.
    fn replace(&self, row: Option<TakenRow>) {
        let _ = ROW.try_with(|cached| {
            cached.set(row.as_ref().map_or(OwnRow::NONE, |taken| taken.row.own()));
        });
        if let Some(before) = self.row.replace(row) {
            table().give_row(before);
        }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.replace(None);
    }
}
