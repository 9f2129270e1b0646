//! The table behind `ShardedCounter`: rows and columns that change hands while others read.

pub mod columns;
mod late_additions;
pub mod rows;

use crate::sharded::table::table;

/// The number of rows.
pub fn rows() -> usize {
    let mut rows = 0;
    table().for_each_row(|_| rows += 1);
    rows
}
