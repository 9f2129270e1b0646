use std::cell::RefCell;
use std::hash::Hash;
use std::sync::atomic::{
    AtomicUsize,
    Ordering::{AcqRel, Acquire},
};
use std::thread;

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
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).is_err();
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
