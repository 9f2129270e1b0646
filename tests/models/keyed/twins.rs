//! Families with one fault, in which the models find it.

use std::sync::Arc;

use loom::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{AcqRel, Acquire, Release},
};

use crate::hand_outs::{
    Family, shown_beside_a_removal, two_additions_beside_a_removal,
    two_removals_beside_an_addition, two_sweeps_beside_the_first_addition,
};
use crate::sync::Mutex;

/// A removal drops the entry, though a thread still has it.
struct DropsTheEntry(Mutex<Arc<AtomicU64>>);

impl Default for DropsTheEntry {
    fn default() -> Self {
        Self(Mutex::new(Arc::new(AtomicU64::new(0))))
    }
}

impl Family for DropsTheEntry {
    fn add(&self, n: u64) {
        let entry = self.0.lock().clone(); // as from the thread's own map
        entry.fetch_add(n, Release);
    }
    fn remove(&self) -> u64 {
        let entry = std::mem::replace(&mut *self.0.lock(), Arc::new(AtomicU64::new(0)));
        entry.load(Acquire)
    }
    fn sweep(&self) -> u64 {
        unreachable!("no model of this twin sweeps")
    }
    fn shown(&self) -> u64 {
        self.0.lock().load(Acquire)
    }
}

#[test]
fn an_entry_that_is_dropped_while_a_thread_has_it_loses_an_addition() {
    let outcomes = two_additions_beside_a_removal::<DropsTheEntry>();
    assert!(outcomes.iter().any(|(removed, rest)| removed + rest < 3), "{outcomes:?}");
}

/// A counter, and what was handed out of it.
struct TwoWords<const LOCKED: bool, const BASELINE_FIRST: bool> {
    sum: AtomicU64,
    handed_out: AtomicU64,
    lock: Mutex<()>,
}

impl<const L: bool, const B: bool> Default for TwoWords<L, B> {
    fn default() -> Self {
        Self { sum: AtomicU64::new(0), handed_out: AtomicU64::new(0), lock: Mutex::new(()) }
    }
}

impl<const LOCKED: bool, const BASELINE_FIRST: bool> Family for TwoWords<LOCKED, BASELINE_FIRST> {
    fn add(&self, n: u64) {
        self.sum.fetch_add(n, Release);
    }
    fn remove(&self) -> u64 {
        let _lock = LOCKED.then(|| self.lock.lock());
        let sum = self.sum.load(Acquire);
        sum.wrapping_sub(self.handed_out.swap(sum, AcqRel))
    }
    fn sweep(&self) -> u64 {
        unreachable!("no model of this twin sweeps")
    }
    fn shown(&self) -> u64 {
        let mut handed_out = if BASELINE_FIRST { self.handed_out.load(Acquire) } else { 0 };
        let sum = self.sum.load(Acquire);
        if !BASELINE_FIRST {
            handed_out = self.handed_out.load(Acquire);
        }
        sum.wrapping_sub(handed_out)
    }
}

#[test]
fn hand_outs_without_a_lock_take_more_than_was_added() {
    type Right = TwoWords<true, true>;
    assert_eq!(two_removals_beside_an_addition::<Right>().len(), 6);
    let outcomes = two_removals_beside_an_addition::<TwoWords<false, true>>();
    let wraps = |&(theirs, mine, _): &(u64, u64, u64)| theirs > 5 || mine > 5;
    assert!(outcomes.iter().any(wraps), "{outcomes:?}");
}

#[test]
fn a_sum_that_is_read_before_the_baseline_is_below_it() {
    let outcomes = shown_beside_a_removal::<TwoWords<true, false>>();
    assert!(outcomes.iter().any(|(shown, _)| *shown > 2), "{outcomes:?}");
}

/// A sweep that takes what has a mark, which an addition wipes off: but not before the sweep has
/// looked.
struct Marked {
    count: AtomicU64,
    is_idle: AtomicBool,
}

impl Default for Marked {
    fn default() -> Self {
        Self { count: AtomicU64::new(0), is_idle: AtomicBool::new(false) }
    }
}

impl Family for Marked {
    fn add(&self, n: u64) {
        self.is_idle.store(false, Release);
        self.count.fetch_add(n, Release);
    }
    fn remove(&self) -> u64 {
        self.count.swap(0, AcqRel)
    }
    fn sweep(&self) -> u64 {
        if !self.is_idle.swap(true, AcqRel) {
            return 0;
        }
        let count = self.count.load(Acquire);
        self.count.store(0, Release); // the entry is gone
        count
    }
    fn shown(&self) -> u64 {
        self.count.load(Acquire)
    }
}

#[test]
fn a_mark_that_an_addition_wipes_off_comes_too_late() {
    let outcomes = two_sweeps_beside_the_first_addition::<Marked>();
    assert!(outcomes.contains(&(0, 0, 0)), "{outcomes:?}");
}
