use std::cell::{Cell, RefCell};
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{
    AtomicUsize,
    Ordering::{AcqRel, Acquire},
};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use hotcount::Counter;
use hotcount::keyed::CounterFamily;

use super::total;

#[test]
fn new_keys_that_race_for_the_last_place_never_exceed_the_cap() {
    let families: Vec<_> = (0..500).map(|_| CounterFamily::<usize>::with_max_keys(1)).collect();
    let arrived = AtomicUsize::new(0);
    thread::scope(|scope| {
        for me in 0..2 {
            let (families, arrived) = (&families, &arrived);
            scope.spawn(move || {
                for (round, family) in families.iter().enumerate() {
                    arrived.fetch_add(1, AcqRel);
                    while arrived.load(Acquire) < 2 * (round + 1) {
                        std::hint::spin_loop();
                    }
                    family.increment(&me);
                }
            });
        }
    });
    for family in families {
        assert_eq!((family.len(), total(&family), family.overflow().get()), (1, 2, 1));
    }
}

#[test]
fn a_key_whose_clone_or_drop_panics_takes_no_place() {
    thread_local!(static ARMED: RefCell<&'static str> = const { RefCell::new("") });
    #[derive(PartialEq, Eq, Hash)]
    struct Panics;
    impl Clone for Panics {
        fn clone(&self) -> Self {
            assert!(ARMED.with_borrow(|armed| *armed != "clone"), "on purpose");
            Self
        }
    }
    impl Drop for Panics {
        fn drop(&mut self) {
            assert!(ARMED.with_borrow(|armed| *armed != "drop"), "on purpose");
        }
    }
    let (family, key) = (CounterFamily::<Panics>::with_max_keys(1), Panics);
    let panics = |armed, work: &dyn Fn()| {
        ARMED.set(armed);
        let panicked = catch_unwind(AssertUnwindSafe(work)).is_err();
        ARMED.set("");
        panicked
    };
    assert!(panics("clone", &|| family.increment(&key)));
    assert!(panics("drop", &|| {
        family.increment(&key);
        let _ = family.remove(&key);
    }));
    family.increment(&key);
    assert_eq!((family.get(&key), family.overflow().get()), (1, 0), "there was room");
}

/// With each panic that is possible: the keys share 64 locks, so some panics come after another key
/// of the same lock has left.
#[test]
fn keys_that_a_sweep_took_before_a_panic_leave_their_places() {
    const KEYS: u32 = 100;
    thread_local!(static PANICS_AT: Cell<(&'static str, u32)> = const { Cell::new(("", 0)) });
    fn called(call: &'static str) {
        let (armed, left) = PANICS_AT.get();
        if armed == call {
            PANICS_AT.set((armed, left.wrapping_sub(1)));
            assert!(left != 1, "on purpose");
        }
    }
    #[derive(PartialEq, Eq, Hash)]
    struct Panics(u32);
    impl Clone for Panics {
        fn clone(&self) -> Self {
            called("clone");
            Self(self.0)
        }
    }
    impl Drop for Panics {
        fn drop(&mut self) {
            called("drop");
        }
    }
    for (call, nth) in ["clone", "drop"].into_iter().flat_map(|c| (1..=KEYS).map(move |n| (c, n))) {
        let family = CounterFamily::<Panics>::with_max_keys(KEYS as usize);
        (0..KEYS).for_each(|key| drop(family.counter(&Panics(key))));
        assert!(family.sweep().is_empty());
        PANICS_AT.set((call, nth));
        let panicked = catch_unwind(AssertUnwindSafe(|| family.sweep())).is_err();
        PANICS_AT.set(("", 0));
        assert!(panicked, "at the {call} {nth}");
        let _ = family.sweep();
        (KEYS..2 * KEYS).for_each(|key| family.increment(&Panics(key)));
        assert_eq!(family.overflow().get(), 0, "all had room after the {call} {nth}");
    }
}

/// A thread clones a new key while one place is free, and another thread takes that place. So the
/// clone is dropped, and its `Drop` uses the family.
#[test]
fn a_key_that_loses_the_last_place_is_dropped_without_a_lock() {
    const LOSER: u32 = 0;
    const LIMIT: Duration = Duration::from_secs(10);
    static FAMILY: CounterFamily<Racing> = CounterFamily::with_max_keys(1);
    #[derive(PartialEq, Eq, Hash)]
    struct Racing(u32);
    impl Clone for Racing {
        fn clone(&self) -> Self {
            if self.0 == LOSER {
                let (counted, one_counted) = mpsc::channel();
                // Several, because a key may have the lock under which the loser is cloned.
                for winner in 1..=8 {
                    let counted = counted.clone();
                    thread::spawn(move || {
                        FAMILY.increment(&Racing(winner));
                        counted.send(())
                    });
                }
                one_counted.recv_timeout(LIMIT).expect("one has another lock");
            }
            Self(self.0)
        }
    }
    impl Drop for Racing {
        fn drop(&mut self) {
            if self.0 == LOSER {
                assert_eq!(FAMILY.get(self), 0);
            }
        }
    }
    let (ended, has_ended) = mpsc::channel();
    thread::spawn(move || {
        FAMILY.increment(&Racing(LOSER));
        ended.send(())
    });
    has_ended.recv_timeout(LIMIT).expect("it waits for no lock that it holds");
    assert_eq!((FAMILY.len(), FAMILY.overflow().get() > 0), (1, true));
}
