#![doc = include_str!("promise.md")]
#![doc = include_str!("stores.md")]

use std::time::Duration;

mod block;
mod error;
mod link;
mod publisher;
mod script;
mod tickets;

pub use error::Error;
pub use publisher::Publisher;
pub use tickets::Tickets;

use link::Link;

/// The longest that any call waits for the store: for its name, its connection and all its answers
/// together.
pub const TIMEOUT: Duration = Duration::from_secs(2);

/// How long a retired writer is remembered: a command of its that arrives later than this is taken
/// for that of a new writer.
pub const TOMBSTONE_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
