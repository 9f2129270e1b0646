//! The list on which rows and columns are given back: pushed to by any thread, popped by one.

use std::collections::BTreeSet;
use std::sync::Arc;

use loom::sync::atomic::{AtomicU64, Ordering::Relaxed};
use loom::thread;

use crate::explore::{explore, set};
use crate::sharded::free_list::FreeList;
use crate::sync::AtomicUsize;

/// A list, links for three numbers, and a word for each that is written before it is given back.
struct Numbers {
    list: FreeList,
    links: [AtomicUsize; 3],
    words: [AtomicU64; 3],
}

impl Numbers {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            list: FreeList::new(),
            links: [0; 3].map(AtomicUsize::new),
            words: [0; 3].map(AtomicU64::new),
        })
    }

    fn give(&self, number: usize) {
        self.words[number].store(1, Relaxed);
        self.list.push(number, &self.links[number]);
    }

    /// Takes a number, and reads its word.
    fn take(&self) -> Option<(usize, u64)> {
        let number = self.list.pop(|number| &self.links[number])?;
        Some((number, self.words[number].load(Relaxed)))
    }
}

/// Two threads give a number back each, while one takes: a number is taken once, and what
/// was written before it was given back is seen.
#[test]
fn numbers_given_back_by_two_threads_are_taken_once_each() {
    let outcomes = explore(|| {
        let numbers = Numbers::new();
        let threads = [0, 1].map(|number| {
            let numbers = numbers.clone();
            thread::spawn(move || numbers.give(number))
        });
        let meanwhile = [numbers.take(), numbers.take()];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        let mut all: Vec<_> = meanwhile.into_iter().flatten().collect();
        all.extend(std::iter::from_fn(|| numbers.take()));
        let found = meanwhile.iter().flatten().count();
        all.sort_unstable();
        (found, all)
    });
    let all = || vec![(0, 1), (1, 1)];
    assert_eq!(outcomes, set([(0, all()), (1, all()), (2, all())]));
}

/// A number that lies on the list is taken, and given back again at once, while another thread
/// puts its own on top.
#[test]
fn a_number_may_come_back_while_another_is_given() {
    let outcomes: BTreeSet<_> = explore(|| {
        let numbers = Numbers::new();
        numbers.give(0);
        numbers.give(2);
        let other = numbers.clone();
        let giving = thread::spawn(move || other.give(1));
        let first = numbers.take();
        if let Some((number, _)) = first {
            numbers.give(number);
        }
        giving.join().unwrap();
        let mut all: Vec<_> = std::iter::from_fn(|| numbers.take()).collect();
        all.sort_unstable();
        (first, all)
    });
    let all = || vec![(0, 1), (1, 1), (2, 1)];
    assert_eq!(outcomes, set([(Some((1, 1)), all()), (Some((2, 1)), all())]));
}
