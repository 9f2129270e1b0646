//! Additions that return their number, and a read that does not.

use std::collections::BTreeSet;

use crate::explore::{Subject, explore, kept, set, spawn};
use crate::{AtomicCounter, FetchAdd, LockedCounter, ShardedCounter};

pub fn numbers_are_unique_and_gap_free<C: Subject + FetchAdd>() -> BTreeSet<[u64; 3]> {
    explore(|| {
        let counter = kept(C::from(0));
        let others = [(); 2].map(|()| spawn(&counter, C::increment_and_get));
        let mine = counter.increment_and_get();
        let [first, second] = others.map(|thread| thread.join().unwrap());
        [mine, first, second]
    })
}

/// Two threads take two numbers each.
pub fn no_value_is_read_outside_the_critical_section<C: Subject + FetchAdd>() -> BTreeSet<[u64; 4]>
{
    explore(|| {
        let counter = kept(C::from(0));
        let two = |counter: &C| [counter.increment_and_get(), counter.increment_and_get()];
        let other = spawn(&counter, two);
        let [a, b] = two(&counter);
        let [c, d] = other.join().unwrap();
        [a, b, c, d]
    })
}

/// Increment, then get: the classic mistake, which no counter can make right.
fn increment_then_get<C: Subject>() -> BTreeSet<(u64, u64)> {
    explore(|| {
        let counter = kept(C::from(0));
        let increment_then_get = |counter: &C| {
            counter.increment();
            counter.get()
        };
        let other = spawn(&counter, increment_then_get);
        let mine = increment_then_get(&counter);
        (mine, other.join().unwrap())
    })
}

#[test]
fn increment_then_get_reads_one_number_twice() {
    let duplicates = set([(1, 2), (2, 1), (2, 2)]);
    assert_eq!(increment_then_get::<AtomicCounter>(), duplicates);
    assert_eq!(increment_then_get::<LockedCounter>(), duplicates);
}

/// (1, 1): each sees its own addition first. No total order explains it, so this counter can hand
/// out no numbers and is no `FetchAdd`.
#[test]
fn two_threads_that_increment_a_sharded_counter_may_both_read_1() {
    let no_order = set([(1, 1), (1, 2), (2, 1), (2, 2)]);
    assert_eq!(increment_then_get::<ShardedCounter>(), no_order);
}
