//! Windows of one counter, each read by a cursor of its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::Cursor;
use crate::explore::{Subject, explore, kept, spawn};

/// A cursor is opened while a thread adds 1 and then 2, and takes at the end. Returns (a
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

pub fn three_reads_of_two_additions() -> BTreeSet<(u64, u64, u64)> {
    let reads = [0, 1, 3];
    let triples =
        reads.iter().flat_map(|&a| reads.iter().flat_map(move |&b| reads.map(|c| (a, b, c))));
    triples.filter(|(a, b, c)| a <= b && b <= c).collect()
}

pub fn cursors_partition_the_additions<C: Subject>() -> BTreeSet<[(u64, u64); 2]> {
    windows::<C, Cursor<Arc<C>>>(Cursor::new, Cursor::take)
}

/// Two readers each look while a thread adds 1 and then 2, and once more at the end.
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

pub fn every_way_to_cut_two_additions_in_two() -> BTreeSet<[(u64, u64); 2]> {
    let cuts = [(0, 3), (1, 2), (3, 0)];
    cuts.iter().flat_map(|a| cuts.map(|b| [*a, b])).collect()
}
