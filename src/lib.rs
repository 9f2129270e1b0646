// These links come before the README, so rustdoc takes them. The README's own are relative, and
// lead nowhere in the docs.
#![doc = include_str!("../benches/pictures/add.md")]
#![doc = include_str!("docs/links.md")]
#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "mapped"), forbid(unsafe_code))]
#![cfg_attr(feature = "mapped", deny(unsafe_code))]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(all(feature = "mapped", not(target_pointer_width = "64")))]
compile_error!(
    "the feature `mapped` of hotcount reads 64-bit atomics in read-only memory. Rust promises this \
     for 64-bit targets only: build for one of them, or without the feature"
);

mod atomic;
mod counter;
mod cursor;
pub mod docs;
mod group;
mod histogram;
mod in_progress;
#[cfg(feature = "keyed")]
#[cfg_attr(docsrs, doc(cfg(feature = "keyed")))]
pub mod keyed;
mod limited;
mod locked;
mod locked_value;
#[cfg(all(feature = "mapped", target_pointer_width = "64"))]
#[cfg_attr(docsrs, doc(cfg(feature = "mapped")))]
pub mod mapped;
#[cfg(any(feature = "keyed", feature = "metrics"))]
#[cfg_attr(not(feature = "keyed"), allow(dead_code, reason = "only a family removes single keys"))]
mod maps;
#[cfg(feature = "metrics")]
#[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
pub mod metrics;
#[cfg(feature = "prometheus")]
#[cfg_attr(docsrs, doc(cfg(feature = "prometheus")))]
pub mod prometheus;
#[cfg(feature = "prometheus-client")]
#[cfg_attr(docsrs, doc(cfg(feature = "prometheus-client")))]
pub mod prometheus_client;
#[cfg(feature = "redis")]
#[cfg_attr(docsrs, doc(cfg(feature = "redis")))]
pub mod redis;
mod sharded;
mod sync;
mod up_down;

pub use atomic::AtomicCounter;
pub use counter::{Counter, FetchAdd};
pub use cursor::{Cumulative, Cursor};
pub use group::CounterGroup;
pub use histogram::{Histogram, HistogramSnapshot, InvalidBounds, Quantile};
pub use in_progress::InProgress;
pub use limited::{LimitedCounter, Permit};
pub use locked::LockedCounter;
pub use locked_value::LockedValue;
pub use sharded::ShardedCounter;
pub use up_down::UpDownCounter;
