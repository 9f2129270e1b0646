//! Two reads that enclose the total.

use std::collections::BTreeSet;
use std::sync::Arc;

use loom::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Release},
};

use crate::ShardedCounter;
use crate::explore::{Subject, explore, kept, set, spawn};

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
pub fn bounds_during_dependent_adds<C: Bounds>() -> BTreeSet<(u64, u64)> {
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
    let outcomes = bounds_during_dependent_adds::<ShardedCounter>();
    assert_eq!(outcomes, set([(0, 0), (0, 1), (0, 2), (0, 3), (1, 1), (1, 3), (2, 3), (3, 3)]));
}
