use super::{explorer::Word, tasks::TwoCounts};

/// The requests are the upper 32 bits, the bytes the lower 32.
pub struct Counts {
    both: Word,
}

impl TwoCounts for Counts {
    fn new() -> Self {
        Self { both: Word::new("both") }
    }

    fn record(&self, bytes: u64) {
        self.both.fetch_add((1 << 32) + bytes);
    }

    fn read(&self) -> (u64, u64) {
        let both = self.both.load();
        (both >> 32, both % (1 << 32))
    }
}
