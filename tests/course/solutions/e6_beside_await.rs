use super::{
    explorer::{Word, write_to_the_log},
    tasks::CountBesideAwait,
};

pub struct Visitors {
    visitors: Word,
}

impl CountBesideAwait for Visitors {
    fn new() -> Self {
        Self { visitors: Word::new("visitors") }
    }

    async fn visit(&self) -> u64 {
        let number = self.visitors.fetch_add(1) + 1;
        write_to_the_log().await;
        number
    }
}
