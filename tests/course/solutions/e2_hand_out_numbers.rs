use super::{explorer::Word, tasks::HandOutNumbers};

pub struct Numbers {
    given: Word,
}

impl HandOutNumbers for Numbers {
    fn new() -> Self {
        Self { given: Word::new("given") }
    }

    fn take_number(&self) -> u64 {
        self.given.fetch_add(1) + 1
    }
}
