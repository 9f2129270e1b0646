#![doc = include_str!("promise.md")]
#![doc = include_str!("stores.md")]

mod advice;
mod answer;
mod block;
mod client;
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

pub use deadline::TIMEOUT;
pub use error::{Cause, Error};
pub use health::Health;
pub use publisher::{INTERVAL, Publisher};
pub use store::Store;
pub use tickets::Tickets;
pub use total::Total;
