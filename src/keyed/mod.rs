//! Counters under keys (feature `keyed`).
//!
//! Take a [`CounterFamily`] for sums, and a [`CounterMap`] for everything else:
//!
//! | | [`CounterFamily`] | [`CounterMap`] |
//! |---|---|---|
//! | for | sums per key: requests per route, bytes per tenant | numbers per key, or any state under a key |
//! | under a key | a [`ShardedCounter`](crate::ShardedCounter) | a counter of your choice, or any type with a [`Default`] |
//! | a number for each addition | no | yes, with a [`FetchAdd`](crate::FetchAdd) counter |
//! | without a look-up | [`BoundCounter`] | no |
//! | an addition, 1 thread | a hash, a look-up in the thread's own map, one locked instruction | a hash, one of 64 locks, a look-up, and the counter's addition |
//! | 2 to 32 threads, many keys | as with 1 thread | as with 1 thread, and sometimes a wait for one of the 64 locks |
//! | 2 to 32 threads, one key | as with 1 thread | the threads take turns: time per addition grows with cores |
//! | a read of one key | a lock, and a cell for each thread | a lock, and the counter's read |
//! | memory per key | the key and about 130 bytes; for each thread that counts under it a pointer and a cell | the key and about 40 bytes |
//!
//! `benches/RESULTS.md` has the times.

mod bound_counter;
mod counter_family;
mod counter_map;
mod entry;
mod places;
mod registry;
mod slot;
mod sync;

pub use bound_counter::BoundCounter;
pub use counter_family::CounterFamily;
pub use counter_map::CounterMap;
