use super::{explorer::Word, tasks::Windows};

pub struct Hits {
    hits: Word,
    /// How far each reader has read.
    read: [Word; 2],
}

impl Windows for Hits {
    fn new() -> Self {
        Self { hits: Word::new("hits"), read: [Word::new("read by 0"), Word::new("read by 1")] }
    }

    fn add(&self, n: u64) {
        self.hits.fetch_add(n);
    }

    fn take(&self, reader: usize) -> u64 {
        let hits = self.hits.load();
        hits - self.read[reader].swap(hits)
    }
}
