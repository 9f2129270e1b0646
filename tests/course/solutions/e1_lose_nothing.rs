use super::{explorer::Word, tasks::LoseNothing};

pub struct Count {
    total: Word,
}

impl LoseNothing for Count {
    fn new() -> Self {
        Self { total: Word::new("total") }
    }

    fn add_one(&self) {
        self.total.fetch_add(1);
    }

    fn get(&self) -> u64 {
        self.total.load()
    }
}
