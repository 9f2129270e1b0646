//! Groups with one fault each, and the model that finds it.

use std::collections::BTreeSet;

use crate::groups::Pair;
use crate::groups::reads::{a_get_after_an_add_during_another_get, a_get_during_two_adds};
use crate::sync::{
    AtomicU64, Mutex,
    Ordering::{self, Acquire, Relaxed, Release},
    WatchedUsize, owner_load, pause,
};

/// What is wrong with a twin.
type Fault = u8;
const NONE: Fault = 0;
const NO_SEQUENCE: Fault = 1;
const LOOKS_ONCE: Fault = 2;
const ODD_AFTER_THE_PLACES: Fault = 3;
const EVEN_STORE_RELAXED: Fault = 4;
const PLACE_STORES_RELAXED: Fault = 5;
const SEQUENCE_LOAD_RELAXED: Fault = 6;
const PLACE_LOADS_RELAXED: Fault = 7;
const NO_CHECK_WHILE_HIDDEN: Fault = 8;
const HIDDEN_IS_UNCLAIMED: Fault = 9;
const LEFT_ODD: Fault = 10;

/// A group in one row, of the one thread that adds.
struct Twin<const FAULT: Fault> {
    sequence: AtomicU64,
    places: [AtomicU64; 2],
    hidden: WatchedUsize,
    lock: Mutex<()>,
}

impl<const FAULT: Fault> Default for Twin<FAULT> {
    fn default() -> Self {
        Self {
            sequence: AtomicU64::new(u64::from(FAULT == LEFT_ODD)),
            places: [0; 2].map(AtomicU64::new),
            hidden: WatchedUsize::new(0),
            lock: Mutex::new(()),
        }
    }
}

impl<const FAULT: Fault> Twin<FAULT> {
    /// `order`, or `Relaxed` if that is the fault.
    fn relaxed_if(fault: Fault, order: Ordering) -> Ordering {
        if FAULT == fault { Relaxed } else { order }
    }

    fn write(&self, counts: [u64; 2]) {
        let even = owner_load(&self.sequence);
        let odd = || self.sequence.store(even + 1, Relaxed);
        if FAULT != ODD_AFTER_THE_PLACES {
            odd();
        }
        for (place, n) in self.places.iter().zip(counts) {
            place.store(owner_load(place) + n, Self::relaxed_if(PLACE_STORES_RELAXED, Release));
        }
        if FAULT == ODD_AFTER_THE_PLACES {
            odd();
        }
        self.sequence.store(even + 2, Self::relaxed_if(EVEN_STORE_RELAXED, Release));
    }

    fn read(&self, is_hidden: bool) -> Option<[u64; 2]> {
        let before = self.sequence.load(Self::relaxed_if(SEQUENCE_LOAD_RELAXED, Acquire));
        let order = Self::relaxed_if(PLACE_LOADS_RELAXED, Acquire);
        let counts = self.places.each_ref().map(|place| place.load(order));
        let is_whole = match FAULT {
            NO_SEQUENCE => true,
            LOOKS_ONCE => before % 2 == 0,
            NO_CHECK_WHILE_HIDDEN if is_hidden => true,
            _ => before % 2 == 0 && self.sequence.load(Relaxed) == before,
        };
        is_whole.then_some(counts)
    }
}

impl<const FAULT: Fault> Pair for Twin<FAULT> {
    fn add(&self, counts: [u64; 2]) {
        if self.hidden.load(Acquire) == 1 {
            let _lock = self.lock.lock();
            self.write(counts);
        } else {
            self.write(counts);
        }
    }

    fn get(&self) -> [u64; 2] {
        if FAULT == HIDDEN_IS_UNCLAIMED && self.hidden.load(Acquire) == 1 {
            return [0, 0];
        }
        if let Some(counts) = self.read(false) {
            return counts;
        }
        let _lock = self.lock.lock();
        self.hidden.store(1, Release);
        let mut looks = 0;
        let counts = loop {
            pause();
            looks += 1;
            match self.read(true) {
                Some(counts) => break counts,
                // At rest it would look for ever.
                None if FAULT == LEFT_ODD && looks == 2 => break [0, 0],
                None => {}
            }
        };
        self.hidden.store(0, Release);
        counts
    }
}

/// What the reader can see during two additions. Two preemptions show every fault.
fn reads<const FAULT: Fault>() -> BTreeSet<[u64; 2]> {
    a_get_during_two_adds::<Twin<FAULT>>(2).into_iter().map(|(read, ..)| read).collect()
}

const PART_OF_THE_FIRST: [u64; 2] = [1, 0];
const PART_OF_THE_SECOND: [u64; 2] = [3, 10];

#[test]
fn a_twin_without_a_fault_keeps_the_promise() {
    assert_eq!(reads::<NONE>(), [[0, 0], [1, 10], [3, 30]].into());
}

#[test]
fn a_fault_in_the_sequence_shows_a_part_of_an_addition() {
    for reads in [
        reads::<NO_SEQUENCE>(),
        reads::<LOOKS_ONCE>(),
        reads::<ODD_AFTER_THE_PLACES>(),
        reads::<LEFT_ODD>(),
    ] {
        assert!(reads.contains(&PART_OF_THE_FIRST), "{reads:?}");
    }
}

#[test]
fn each_ordering_is_needed() {
    for reads in [
        reads::<EVEN_STORE_RELAXED>(),
        reads::<PLACE_STORES_RELAXED>(),
        reads::<SEQUENCE_LOAD_RELAXED>(),
        reads::<PLACE_LOADS_RELAXED>(),
    ] {
        let whole = [[0, 0], [1, 10], [3, 30]];
        assert!(reads.iter().any(|read| !whole.contains(read)), "{reads:?}");
    }
}

#[test]
fn a_writer_that_is_kept_out_may_be_inside_still() {
    let reads = reads::<NO_CHECK_WHILE_HIDDEN>();
    assert!(reads.contains(&PART_OF_THE_SECOND), "{reads:?}");
}

#[test]
fn a_reader_that_takes_hidden_columns_for_none_loses_all() {
    let outcomes = a_get_after_an_add_during_another_get::<Twin<HIDDEN_IS_UNCLAIMED>>();
    assert!(outcomes.contains(&([0, 0], [1, 10])), "{outcomes:?}");
}
