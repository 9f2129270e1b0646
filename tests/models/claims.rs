//! The contract, sentence by sentence: each model is a function over any counter, and a test for
//! each counter of the crate.

use std::collections::BTreeSet;
use std::sync::Arc;

use loom::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

use crate::explore::{Subject, explore, kept, set, spawn};
use crate::{AtomicCounter, Counter, Cursor, FetchAdd, LockedCounter, ShardedCounter};

/// Makes a module of tests for each counter: the claim, the counters it is made for, the outcomes.
macro_rules! claims {
    ($($claim:ident for $($counter:ident),* sees $outcomes:expr;)*) => {$(
        mod $claim {
            #[allow(unused_imports)]
            use super::*;
            $(
                #[test]
                #[allow(non_snake_case)]
                fn $counter() {
                    assert_eq!(super::$claim::<super::$counter>(), $outcomes.into());
                }
            )*
        }
    )*};
}

claims! {
    two_threads_that_add_twice_lose_nothing for AtomicCounter, LockedCounter, ShardedCounter
        sees [4];
    three_threads_that_add_lose_nothing for AtomicCounter, LockedCounter, ShardedCounter
        sees [3];
    a_get_beside_adds_is_bracketed for AtomicCounter, LockedCounter, ShardedCounter
        sees [1, 3, 7, 9, 11, 15].map(|read| (read, 15));
    gets_are_monotone for AtomicCounter, LockedCounter, ShardedCounter
        sees [(0, 0), (0, 1), (0, 2), (0, 3), (1, 1), (1, 3), (2, 2), (2, 3), (3, 3)];
    gets_of_two_threads_are_monotone for AtomicCounter, LockedCounter, ShardedCounter
        sees [(0, 0), (0, 1), (1, 1)];
    an_add_is_published_to_the_get_that_counts_it for AtomicCounter, LockedCounter, ShardedCounter
        sees [(0, 0), (0, 1), (1, 1)];
    an_add_is_published_through_a_row_that_changes_hands
        for AtomicCounter, LockedCounter, ShardedCounter
        sees [(0, 0), (0, 1), (1, 1), (2, 0), (2, 1), (3, 1)];
    a_cursor_from_now_starts_between_the_reads_around_it
        for AtomicCounter, LockedCounter, ShardedCounter
        sees three_reads_of_two_additions();
    cursors_partition_the_additions for AtomicCounter, LockedCounter, ShardedCounter
        sees every_way_to_cut_two_additions_in_two();
    numbers_are_unique_and_gap_free for AtomicCounter, LockedCounter
        sees [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]];
    no_value_is_read_outside_the_critical_section for AtomicCounter, LockedCounter
        sees [[1, 2, 3, 4], [1, 3, 2, 4], [1, 4, 2, 3], [2, 3, 1, 4], [2, 4, 1, 3], [3, 4, 1, 2]];
    an_add_is_published_to_the_fetch_add_that_counts_it for AtomicCounter, LockedCounter
        sees [(0, 0), (0, 1), (1, 1)];
    the_last_one_out_sees_what_the_others_wrote for AtomicCounter, LockedCounter
        sees [(0, [1, 1, 1]), (1, [1, 1, 1]), (2, [1, 1, 1])];
}

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
    explore(|| {
        let counter = kept(C::from(0));
        let threads = [spawn(&counter, C::increment), spawn(&counter, C::increment)];
        counter.increment();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        counter.get()
    })
}

/// 1 is added before the reads, then 2 and 4 by one thread in this order, and 8 by another.
pub fn a_get_beside_adds_is_bracketed<C: Subject>() -> BTreeSet<(u64, u64)> {
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
        let beside = counter.get();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        (beside, counter.get())
    })
}

pub fn gets_are_monotone<C: Subject>() -> BTreeSet<(u64, u64)> {
    explore(|| {
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
    explore(|| {
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

/// A cursor is opened beside an addition of 1 and then one of 2, and takes at the end. Returns (a
/// read before it was opened, what was added before it was opened, a read after).
pub fn a_cursor_from_now_starts_between_the_reads_around_it<C: Subject>()
-> BTreeSet<(u64, u64, u64)> {
    explore(|| {
        let counter = kept(C::from(0));
        let adding = spawn(&counter, |counter| {
            counter.add(1);
            counter.add(2);
        });
        let before = counter.get();
        let mut cursor = Cursor::from_now(counter.clone());
        let after = counter.get();
        adding.join().unwrap();
        (before, 3_u64.wrapping_sub(cursor.take()), after)
    })
}

fn three_reads_of_two_additions() -> BTreeSet<(u64, u64, u64)> {
    let reads = [0, 1, 3];
    let triples =
        reads.iter().flat_map(|&a| reads.iter().flat_map(move |&b| reads.map(|c| (a, b, c))));
    triples.filter(|(a, b, c)| a <= b && b <= c).collect()
}

pub fn cursors_partition_the_additions<C: Subject>() -> BTreeSet<[(u64, u64); 2]> {
    windows::<C, Cursor<Arc<C>>>(Cursor::new, Cursor::take)
}

/// Two readers each look beside an addition of 1 and then one of 2, and once more at the end.
pub fn windows<C: Subject, W: 'static>(
    open: fn(Arc<C>) -> W,
    take: fn(&mut W) -> u64,
) -> BTreeSet<[(u64, u64); 2]> {
    explore(move || {
        let counter = kept(C::from(0));
        let adding = spawn(&counter, |counter| {
            counter.add(1);
            counter.add(2);
        });
        let other = spawn(&counter, {
            let mut theirs = open(counter.clone());
            move |_| (take(&mut theirs), theirs)
        });
        let mut mine = open(counter.clone());
        let my_first = take(&mut mine);
        adding.join().unwrap();
        let (their_first, mut theirs) = other.join().unwrap();
        [(my_first, take(&mut mine)), (their_first, take(&mut theirs))]
    })
}

fn every_way_to_cut_two_additions_in_two() -> BTreeSet<[(u64, u64); 2]> {
    let cuts = [(0, 3), (1, 2), (3, 0)];
    cuts.iter().flat_map(|a| cuts.map(|b| [*a, b])).collect()
}

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

/// A counter that is read twice: `ShardedCounter` and its twin.
pub trait Bounds: Subject {
    fn bounds(&self) -> (u64, u64);
}

impl Bounds for ShardedCounter {
    fn bounds(&self) -> (u64, u64) {
        self.bounds().into_inner()
    }
}

/// 2 is added only by a thread that saw 1 added. A single get may count the 2 alone.
pub fn bounds_beside_dependent_adds<C: Bounds>() -> BTreeSet<(u64, u64)> {
    explore(|| {
        let (counter, added) = (kept(C::from(0)), Arc::new(AtomicU64::new(0)));
        let signal = added.clone();
        let first = spawn(&counter, move |counter| {
            counter.add(1);
            signal.store(1, Release);
        });
        let second = spawn(&counter, move |counter| {
            if added.load(Acquire) == 1 {
                counter.add(2);
            }
        });
        let bounds = counter.bounds();
        first.join().unwrap();
        second.join().unwrap();
        bounds
    })
}

/// No moment had 2 without 1, so (2, 2) is missing.
#[test]
fn bounds_that_agree_are_a_total_that_was() {
    let outcomes = bounds_beside_dependent_adds::<ShardedCounter>();
    assert_eq!(outcomes, set([(0, 0), (0, 1), (0, 2), (0, 3), (1, 1), (1, 3), (2, 3), (3, 3)]));
}
