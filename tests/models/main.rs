//! Model checks: loom runs each small program under every schedule and every outcome of its reads
//! that the memory model allows (up to three preemptions), over the very files of `src/`.
//!
//! Every model returns what it saw, and its test asserts the *whole set* of outcomes. So a model
//! also fails when it explores too little. Each claim has a twin in `twins`, a counter with one fault,
//! in which the same model finds the fault.
//!
//! What loom does not explore: load buffering, spurious failures of weak compare-and-swap, and all
//! but the last seven stores to an atomic. `SeqCst` counts as `AcqRel`; nothing here uses it.
// Some public items of `src` are not public here.
#![allow(missing_docs, dead_code, unreachable_pub)]

#[path = "../../src/atomic.rs"]
mod atomic;
#[path = "../../src/redis/block.rs"]
mod block;
#[path = "../../src/counter.rs"]
mod counter;
#[path = "../../src/cursor.rs"]
mod cursor;
#[path = "../../src/group/mod.rs"]
mod group;
#[path = "../../src/in_progress.rs"]
mod in_progress;
#[path = "../../src/limited/mod.rs"]
mod limited;
#[path = "../../src/locked.rs"]
mod locked;
#[path = "../../src/locked_value.rs"]
mod locked_value;
#[path = "../../src/sharded/mod.rs"]
mod sharded;
#[path = "../../src/up_down.rs"]
mod up_down;

mod blocks;
mod claims;
mod explore;
mod free_list;
mod groups;
mod limits;
mod sync;
mod table;
mod twins;
mod up_and_down;
mod watched;
mod watched_u64;

// The docs of `src/` name the types by their public paths.
pub use atomic::AtomicCounter;
pub use counter::{Counter, FetchAdd};
pub use cursor::{Cumulative, Cursor};
pub use group::CounterGroup;
pub use in_progress::InProgress;
pub use limited::{LimitedCounter, Permit};
pub use locked::LockedCounter;
pub use locked_value::LockedValue;
pub use sharded::ShardedCounter;
pub use up_down::UpDownCounter;
