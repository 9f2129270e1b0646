//! A child after `fork` has one thread, and each lock as the other threads left it.
use std::hash::{Hash, Hasher};
use std::sync::Barrier;
use std::thread;

use hotcount::Counter;
use hotcount::keyed::{BoundCounter, CounterFamily};

use crate::child::in_a_child;

/// All keys have one hash, and so one lock. The second is slow to be cloned, which happens under it.
#[derive(PartialEq, Eq)]
enum Name {
    Known,
    New,
}

static CLONING: Barrier = Barrier::new(2);
static CLONED: Barrier = Barrier::new(2);

impl Clone for Name {
    fn clone(&self) -> Self {
        match self {
            Self::Known => Self::Known,
            Self::New => {
                CLONING.wait();
                CLONED.wait();
                Self::New
            }
        }
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u8(0);
    }
}

static FAMILY: CounterFamily<Name> = CounterFamily::new();

#[test]
fn a_child_counts_under_known_keys_though_another_thread_had_their_lock() {
    FAMILY.increment(&Name::Known);
    let bound: BoundCounter<_> = FAMILY.counter(&Name::Known);
    let status = thread::scope(|scope| {
        scope.spawn(|| FAMILY.increment(&Name::New));
        CLONING.wait(); // the thread has the lock
        let status = in_a_child(|| {
            FAMILY.add(&Name::Known, 2);
            bound.add(3);
            bound.get() == 6
        });
        CLONED.wait();
        status
    });
    assert_eq!((status, bound.get()), (0, 1), "what a child counts stays in the child");
}
