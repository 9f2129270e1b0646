use std::cell::Cell;

use super::row::Row;
use super::table::table;
use crate::sync::thread_local;

thread_local! {
    /// The leased row, where an addition finds it in one step: without a destructor, so that the
    /// compiler reads it like any variable.
    static ROW: Cell<Row> = const { Cell::new(Row::EMPTY) };
    static LEASE: Lease = const { Lease { row: Cell::new(Row::EMPTY) } };
}

/// The calling thread's row; empty when it has none yet, or none any more.
#[inline]
pub(crate) fn row() -> Row {
    ROW.try_with(Cell::get).unwrap_or(Row::EMPTY)
}

/// Adds `n` in column `index` on behalf of a thread whose row does not reach so far.
pub(crate) fn add(index: usize, n: u64) {
    let leased = LEASE.try_with(|lease| lease.renew(index).add(index, n));
    let added = leased.unwrap_or_else(|_| {
        // The thread is ending and has given its row back: borrow one for this addition.
        let row = table().take_row(index);
        let added = row.add(index, n);
        table().give_row(row);
        added
    });
    debug_assert!(added, "a row that was taken for a column reaches it");
}

/// A thread's ownership of a row, from its first addition to its end.
struct Lease {
    row: Cell<Row>,
}

impl Lease {
    /// Takes a row that reaches column `index` in place of the one before, which stays in the
    /// table.
    fn renew(&self, index: usize) -> Row {
        self.end();
        let row = table().take_row(index);
        self.row.set(row);
        let _ = ROW.try_with(|cached| cached.set(row));
        row
    }

    /// Gives the row back. The cached copy goes first: nothing of this thread may point to the row
    /// when its next owner comes.
    fn end(&self) {
        let _ = ROW.try_with(|cached| cached.set(Row::EMPTY));
        let row = self.row.replace(Row::EMPTY);
        if row.reaches(0) {
            table().give_row(row);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.end();
    }
}
