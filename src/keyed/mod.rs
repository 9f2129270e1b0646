//! A counter per key, for as long as somebody counts under it (feature `keyed`).

mod counter_map;
mod touched;

pub use counter_map::CounterMap;
