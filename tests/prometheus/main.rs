//! Our counters in a `prometheus` registry, and the page that comes out.
#![allow(missing_docs)]

mod counters;
mod histograms;
mod names;

use prometheus::{Registry, TextEncoder};

fn page(registry: &Registry) -> String {
    TextEncoder::new().encode_to_string(&registry.gather()).expect("it is text")
}
