use std::cell::Cell;

use super::row::OwnRow;
use super::table::{TakenRow, table};
use crate::sync::thread_local;

thread_local! {
    /// The row, where an addition finds it in one step. It has no destructor, so the compiler reads
    /// it like any variable.
    static ROW: Cell<OwnRow> = const { Cell::new(OwnRow::NONE) };
    /// Whether the thread is in the slow path. It has no destructor, so a global allocator can look.
    static IS_BUSY: Cell<bool> = const { Cell::new(false) };
    /// The row again, to be given back when the thread ends.
    static OWNER: Owner = const { Owner { row: Cell::new(None) } };
}

/// Returns the calling thread's row: [`OwnRow::NONE`] before its first addition, and after the
/// thread has given it back.
#[inline]
pub(crate) fn row() -> OwnRow {
    ROW.try_with(Cell::get).unwrap_or(OwnRow::NONE)
}

/// Returns the calling thread's row, after taking a longer one if it does not reach column `index`.
///
/// The result does not reach it if the table's lock is held or the thread is ending. This waits for
/// nothing.
pub(crate) fn row_that_reaches(index: usize, _slow: &SlowPath) -> OwnRow {
    // A row that reaches is kept: a thread's row never gets shorter.
    if !row().reaches(index) {
        // Fails while the thread ends, after it has given its row back.
        let _ = OWNER.try_with(|owner| owner.take(index));
    }
    row()
}

/// The mark of a thread that is in the slow path of an addition, until this is dropped.
///
/// What it calls may count as well: a global allocator, while a row is made or a destructor is
/// registered. Such an addition finds the mark, and goes to the counter's own word.
pub(crate) struct SlowPath(());

impl SlowPath {
    /// Marks the calling thread. Returns `None` if it is marked already.
    pub(crate) fn enter() -> Option<Self> {
        let is_free = IS_BUSY.try_with(|busy| !busy.replace(true)).unwrap_or(false);
        // Not `then_some`: a value that is not returned would be dropped, and end the other's mark.
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

    /// Takes `row` in place of the one before, and gives that back. The thread forgets it first,
    /// because the next owner may come at once.
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
