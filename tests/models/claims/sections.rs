//! Steps of more than one addition.

use std::collections::BTreeSet;
use std::sync::Arc;

use loom::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::LockedCounter;
use crate::explore::{Subject, explore, kept, set, spawn};

/// A counter with critical sections: `LockedCounter` and its twin.
pub trait Sections: Subject {
    /// Reads, adds 1 `times` times, and reads again.
    fn section(&self, times: usize) -> (u64, u64);
}

impl Sections for LockedCounter {
    fn section(&self, times: usize) -> (u64, u64) {
        self.with(|value| {
            let before = value.get();
            (0..times).for_each(|_| value.add(1));
            (before, value.get())
        })
    }
}

/// The other's section, what it read of the word, the first's section.
pub type Seen = ((u64, u64), u64, (u64, u64));

/// One thread writes a word and adds 1 twice in one section; another adds 1.
pub fn critical_sections<C: Sections>() -> BTreeSet<Seen> {
    explore(|| {
        let (counter, word) = (kept(C::from(0)), Arc::new(AtomicU64::new(0)));
        let written = word.clone();
        let other = spawn(&counter, move |counter| {
            written.store(1, Relaxed);
            counter.section(2)
        });
        let mine = counter.section(1);
        let read = word.load(Relaxed);
        (mine, read, other.join().unwrap())
    })
}

#[test]
fn a_critical_section_is_published_and_undivided() {
    let expected = set([((0, 1), 0, (1, 3)), ((0, 1), 1, (1, 3)), ((2, 3), 1, (0, 2))]);
    assert_eq!(critical_sections::<LockedCounter>(), expected);
}
