//! Many machines: counts and tickets over a real Redis, which is killed, starved and cut off.
//!
//! Each test starts a `redis-server` of its own, on a free port and in a directory of its own.
#![cfg(feature = "redis")]
#![allow(missing_docs)]

mod cluster;
mod faults;
mod machines;
mod offline;
mod proxy;
mod publisher;
mod retired;
mod server;
mod tickets;
