//! Critical sections.

use std::panic::catch_unwind;

use hotcount::{Counter, FetchAdd, LockedCounter};

#[test]
fn a_panic_inside_the_critical_section_neither_poisons_nor_loses() {
    let counter = LockedCounter::from(1);
    let panicked = catch_unwind(|| {
        counter.with(|value| {
            value.add(2);
            panic!("inside, on purpose");
        })
    });
    assert!(panicked.is_err());
    assert_eq!(counter.get(), 3);
    assert_eq!(counter.increment_and_get(), 4);
}

#[test]
fn a_critical_section_returns_what_it_read_and_wraps() {
    let counter = LockedCounter::from(u64::MAX);
    let seen = counter.with(|value| {
        let before = value.get();
        value.add(3);
        (before, value.get(), format!("{value:?}"))
    });
    assert_eq!(seen, (u64::MAX, 2, "LockedValue { value: 2 }".to_string()));
}

#[test]
fn debug_inside_the_critical_section_does_not_wait() {
    let counter = LockedCounter::new();
    let printed = counter.with(|_| format!("{counter:?}"));
    assert_eq!(printed, "LockedCounter(<locked>)");
    assert_eq!(format!("{counter:?}"), "LockedCounter(0)");
}
