#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "mapped"), forbid(unsafe_code))]
#![cfg_attr(feature = "mapped", deny(unsafe_code))]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(not(target_has_atomic = "64"))]
compile_error!(
    "hotcount counts in 64-bit atomics, which this target does not have: \
     build for a target that has them, or keep this count in a `Mutex<u64>`"
);

mod atomic;
mod column;
mod counter;
mod cursor;
mod lease;
mod locked;
#[cfg(feature = "mapped")]
#[cfg_attr(docsrs, doc(cfg(feature = "mapped")))]
pub mod mapped;
mod row;
mod sharded;
mod sync;
mod table;

pub use atomic::AtomicCounter;
pub use counter::{Counter, FetchAdd};
pub use cursor::Cursor;
pub use locked::{Held, LockedCounter};
pub use sharded::ShardedCounter;
