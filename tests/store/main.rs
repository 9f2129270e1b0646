//! Many machines: counts and tickets over a real Redis, which is killed, starved and cut off.
//!
//! Each test starts a store of its own, on a free port and in a directory of its own. Tests wait for
//! states, never for times, and a test that hangs ends the program. The program of the store is
//! `redis-server`, or what the variable `HOTCOUNT_STORE` names: `valkey-server`. If it was built
//! without TLS, leave out `tls::`.
#![cfg(feature = "redis")]
#![allow(missing_docs)]

mod bounded;
#[cfg(feature = "redis-cluster")]
mod cluster;
mod connections;
mod fake;
mod faults;
mod forgotten;
mod lives;
mod machines;
#[cfg(feature = "redis-cluster")]
mod nodes;
mod offline;
mod permissions;
mod proxy;
mod publisher;
#[cfg(feature = "redis-cluster")]
mod redirects;
mod refusals;
#[cfg(feature = "redis-sentinel")]
mod sentinel;
mod server;
#[cfg(target_os = "linux")]
mod signals;
mod storm;
mod tickets;
#[cfg(feature = "redis-tls")]
mod tls;
mod tokio;
mod totals;
