//! What a read counts.

use std::collections::BTreeSet;

use crate::Counter;
use crate::explore::{Subject, explore, explore_up_to, kept, spawn};

pub fn two_threads_that_add_twice_lose_nothing<C: Subject>() -> BTreeSet<u64> {
    explore(|| {
        let counter = kept(C::from(0));
        let twice = |counter: &C| {
            counter.increment();
            counter.increment();
        };
        let threads = [spawn(&counter, twice), spawn(&counter, twice)];
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        counter.get()
    })
}

pub fn three_threads_that_add_lose_nothing<C: Subject>() -> BTreeSet<u64> {
    explore_up_to(2, || {
        let counter = kept(C::from(0));
        let threads = [spawn(&counter, C::increment), spawn(&counter, C::increment)];
        counter.increment();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        counter.get()
    })
}

/// 1 is added before the reads, then 2 and 4 by one thread in this order, and 8 by another.
pub fn a_get_during_adds_is_bracketed<C: Subject>() -> BTreeSet<(u64, u64)> {
    explore(|| {
        let counter = kept(C::from(0));
        counter.add(1);
        let threads = [
            spawn(&counter, |counter| {
                counter.add(2);
                counter.add(4);
            }),
            spawn(&counter, |counter| counter.add(8)),
        ];
        let meanwhile = counter.get();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        (meanwhile, counter.get())
    })
}

pub fn gets_are_monotone<C: Subject>() -> BTreeSet<(u64, u64)> {
    explore_up_to(2, || {
        let counter = kept(C::from(0));
        let _adding = [1, 2].map(|n| spawn(&counter, move |counter| counter.add(n)));
        (counter.get(), counter.get())
    })
}

pub fn gets_of_two_threads_are_monotone<C: Subject>() -> BTreeSet<(u64, u64)> {
    explore(|| {
        let counter = kept(C::from(0));
        let _adding = spawn(&counter, C::increment);
        let first = spawn(&counter, C::get).join().unwrap();
        (first, counter.get())
    })
}
