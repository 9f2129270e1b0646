//! A removal leaves out the map of a thread that is using it.

use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::sync::Barrier;
use std::thread;

use hotcount::Counter;
use hotcount::keyed::CounterFamily;

thread_local!(static WAITS: Cell<bool> = const { Cell::new(false) });

static COMPARING: Barrier = Barrier::new(2);
static REMOVED: Barrier = Barrier::new(2);

/// A key with which a thread can wait in a comparison. Its map is then in use.
#[derive(Clone, Eq)]
struct Slow(u32);

impl PartialEq for Slow {
    fn eq(&self, other: &Self) -> bool {
        if WAITS.replace(false) {
            COMPARING.wait();
            REMOVED.wait();
        }
        self.0 == other.0
    }
}

impl Hash for Slow {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

/// 64 keys, one with a bound counter, and one that the thread counts under.
static FAMILY: CounterFamily<Slow> = CounterFamily::with_max_keys(66);

#[test]
fn removed_keys_that_a_map_in_use_keeps_leave_with_the_65th() {
    let bound = FAMILY.counter(&Slow(64));
    let counting = thread::spawn(|| {
        (0..64).for_each(|key| FAMILY.increment(&Slow(key)));
        FAMILY.increment(&Slow(65));
        WAITS.set(true);
        FAMILY.increment(&Slow(65));
    });
    COMPARING.wait();
    assert!((0..64).all(|key| FAMILY.remove(&Slow(key)) == 1));
    assert_eq!(FAMILY.len(), 2, "a key that stays is not shown");
    REMOVED.wait();
    counting.join().expect("it counts");
    FAMILY.increment(&Slow(100));
    assert_eq!(FAMILY.overflow().get(), 1, "each key that stays has its place");
    assert_eq!(FAMILY.remove(&Slow(64)), 0, "its bound counter lets it stay");
    FAMILY.increment(&Slow(100));
    assert_eq!((FAMILY.get(&Slow(100)), FAMILY.overflow().get()), (1, 1), "the others have left");
    assert_eq!((FAMILY.get(&Slow(65)), bound.get()), (2, 0));
}
