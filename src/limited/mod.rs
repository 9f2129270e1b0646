//! Counting up to a limit.

pub(crate) mod cells;
mod counter;
pub(crate) mod credit;
mod permit;
pub(crate) mod room;

pub use self::counter::LimitedCounter;
pub use self::permit::Permit;
