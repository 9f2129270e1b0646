//! What a thread that counts an addition sees of the memory.

use std::collections::BTreeSet;
use std::sync::Arc;

use loom::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::FetchAdd;
use crate::explore::{Subject, explore, explore_up_to, kept, spawn};

/// Returns (what the get counted, what was read of the data written before the addition).
pub fn an_add_is_published_to_the_get_that_counts_it<C: Subject>() -> BTreeSet<(u64, u64)> {
    published(C::get)
}

pub fn an_add_is_published_to_the_fetch_add_that_counts_it<C: Subject + FetchAdd>()
-> BTreeSet<(u64, u64)> {
    published(|counter: &C| counter.fetch_add(1))
}

fn published<C: Subject>(count: fn(&C) -> u64) -> BTreeSet<(u64, u64)> {
    explore(move || {
        let (counter, data) = (kept(C::from(0)), Arc::new(AtomicU64::new(0)));
        let written = data.clone();
        let _writing = spawn(&counter, move |counter| {
            // A sharded counter's first addition takes a lock; the later ones order on their own.
            counter.add(0);
            written.store(1, Relaxed);
            counter.increment();
        });
        (count(&counter), data.load(Relaxed))
    })
}

/// One thread writes a word and adds 1; another adds 2, maybe in the row that the first has left.
/// Returns (what the get counted, what was read of the word).
pub fn an_add_is_published_through_a_row_that_changes_hands<C: Subject>() -> BTreeSet<(u64, u64)> {
    explore_up_to(2, || {
        let (counter, word) = (kept(C::from(0)), Arc::new(AtomicU64::new(0)));
        let written = word.clone();
        let _first = spawn(&counter, move |counter| {
            written.store(1, Relaxed);
            counter.add(1);
        });
        let _second = spawn(&counter, |counter| counter.add(2));
        (counter.get(), word.load(Relaxed))
    })
}

/// Three threads write their own word and add; returns the last one, and what it read of the words.
pub fn the_last_one_out_sees_what_the_others_wrote<C: Subject + FetchAdd>()
-> BTreeSet<(usize, [u64; 3])> {
    explore(|| {
        let counter = kept(C::from(0));
        let words = Arc::new([0; 3].map(AtomicU64::new));
        let work = |me: usize| {
            let words = words.clone();
            move |counter: &C| {
                words[me].store(1, Relaxed);
                let last = counter.increment_and_get() == 3;
                last.then(|| (me, words.each_ref().map(|word| word.load(Relaxed))))
            }
        };
        let others = [spawn(&counter, work(0)), spawn(&counter, work(1))];
        let mine = work(2)(&counter);
        let [first, second] = others.map(|thread| thread.join().unwrap());
        mine.or(first).or(second).expect("one of them is the last")
    })
}
