//! Counts that are read together, whatever else happens.

mod columns;
pub mod reads;

use loom::sync::Arc;
use loom::thread::{self, JoinHandle};

use crate::CounterGroup;

/// What a model is run over: the group, and its twins. One thread at a time adds to a twin.
pub trait Pair: Default + 'static {
    fn add(&self, counts: [u64; 2]);
    fn get(&self) -> [u64; 2];
}

impl Pair for CounterGroup<2> {
    fn add(&self, counts: [u64; 2]) {
        self.add(counts);
    }

    fn get(&self) -> [u64; 2] {
        self.get()
    }
}

/// Like `explore::spawn`. The last owner's drop writes to the columns, so loom has to see its order.
fn spawn<G: 'static, T: 'static>(
    group: &Arc<G>,
    work: impl FnOnce(&G) -> T + 'static,
) -> JoinHandle<T> {
    let group = group.clone();
    thread::spawn(move || work(&group))
}

/// A group, and a row of the calling thread that reaches its columns.
fn claimed<G: Pair>() -> Arc<G> {
    let group = Arc::new(G::default());
    group.add([0, 0]);
    group
}
