#![doc = include_str!("promise.md")]
#![doc = include_str!("stores.md")]

use std::time::Duration;

mod advice;
mod answer;
mod block;
mod deadline;
mod error;
mod exchanges;
mod health;
mod job;
mod link;
mod memory;
mod node;
mod nodes;
mod publisher;
mod request;
mod results;
mod route;
#[cfg(feature = "redis-sentinel")]
mod sentinels;
mod store;
mod supply;
mod tickets;
#[cfg(feature = "redis-tls")]
mod tls;
mod total;
mod watched;
mod worker;

pub use error::{Cause, Error};
pub use health::Health;
pub use publisher::Publisher;
pub use store::Store;
pub use tickets::Tickets;
pub use total::Total;

use link::Link;

/// 2 s: the time limit of an exchange with the store, and the longest that
/// [`publish`](Publisher::publish) and [`retire`](Publisher::retire) wait.
pub const TIMEOUT: Duration = Duration::from_secs(2);

/// 1 s: how often a [`Publisher`] publishes, unless you call
/// [`publish_every`](Publisher::publish_every).
pub const INTERVAL: Duration = Duration::from_secs(1);

/// How long [`Tickets::next`] waits for a late block, once.
const NEXT_WAIT: Duration = Duration::from_millis(20);

/// How long a connection is kept without use. Load balancers and NATs drop an idle one after 60 s
/// or more, without closing it.
const IDLE_LIMIT: Duration = Duration::from_secs(30);
