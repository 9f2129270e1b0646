//! Exercise 7: a service counts its requests and the bytes that they have sent. A reader sees both
//! counts of the same requests, never a request without its bytes.
//!
//! Repair it. You may change the fields. No lock, and no reading again and again.
//!
//! A hint: a `Word` has 64 bits. Two requests that send less than 1000 bytes each need far fewer.
//!
//! Check it: `cargo run --example exercises -- 7`. To read first: `06_reads_beside_adds`.

use super::{explorer::Word, tasks::TwoCounts};

pub struct Counts {
    requests: Word,
    bytes: Word,
}

impl TwoCounts for Counts {
    fn new() -> Self {
        Self { requests: Word::new("requests"), bytes: Word::new("bytes") }
    }

    fn record(&self, bytes: u64) {
        self.requests.fetch_add(1);
        self.bytes.fetch_add(bytes);
    }

    fn read(&self) -> (u64, u64) {
        (self.requests.load(), self.bytes.load())
    }
}
