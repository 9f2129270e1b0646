//! The tests of the feature `prometheus`, with the values that the crate makes for protobuf.
#![allow(missing_docs)]

#[path = "../../../tests/prometheus/main.rs"]
mod without_protobuf;
