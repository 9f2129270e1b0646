//! What a thread's map keeps.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::explore::{explore, set, spawn};
use crate::maps::{Hashed, ThreadMaps};

struct Entry;

impl Hashed for Entry {
    fn hash(&self) -> u64 {
        0
    }
}

/// A thread looks up what it has kept, and keeps it again if it was not found. Another thread looks
/// through the maps meanwhile. Returns (whether the entry was found, how often it is kept).
fn a_look_up_beside_a_clearing(is_same: fn(&Entry, &Entry) -> bool) -> BTreeSet<(bool, usize)> {
    explore(move || {
        let (maps, entry) = (Arc::new(ThreadMaps::new()), Arc::new(Entry));
        let keep = || maps.keep(entry.clone(), usize::MAX, is_same);
        assert!(keep().is_ok());
        let clearing = spawn(&maps, |maps| maps.clear(|_| false, drop));
        let is_found = maps.with(0, |_| true, |_| ()).is_some();
        if !is_found {
            let _ = keep();
        }
        clearing.join().unwrap();
        let kept = Cell::new(0);
        maps.clear(|_| true, |_| kept.set(kept.get() + 1));
        (is_found, kept.get())
    })
}

#[test]
fn an_entry_that_a_look_up_misses_is_kept_once() {
    let outcomes = a_look_up_beside_a_clearing(|one, other| std::ptr::eq(one, other));
    assert_eq!(outcomes, set([(true, 1), (false, 1)]));
}

/// The twin: the map takes an entry without asking whether it has it.
#[test]
fn a_map_that_does_not_ask_keeps_an_entry_twice() {
    assert!(a_look_up_beside_a_clearing(|_, _| false).contains(&(false, 2)));
}
