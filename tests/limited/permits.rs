use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use hotcount::{LimitedCounter, Permit};

#[test]
fn a_dropped_permit_gives_its_amount_back() {
    let bytes = LimitedCounter::new(10);
    let permit = Permit::try_new(&bytes, 7).expect("room");
    assert_eq!((permit.amount(), bytes.get()), (7, 7));
    assert_eq!(format!("{permit:?}"), "Permit { amount: 7, .. }");
    assert!(Permit::try_new(&bytes, 4).is_none());
    assert_eq!(bytes.get(), 7);
    drop(permit);
    assert_eq!(bytes.get(), 0);
}

#[test]
fn a_permit_is_dropped_by_a_panic() {
    let seats = LimitedCounter::new(1);
    let handler = || {
        let _permit = Permit::try_new(&seats, 1).expect("room");
        panic!("a handler that panics");
    };
    assert!(catch_unwind(AssertUnwindSafe(handler)).is_err());
    assert_eq!(seats.get(), 0);
}

#[test]
fn a_permit_may_be_dropped_on_another_thread() {
    let seats = Arc::new(LimitedCounter::new(1));
    let permit = Permit::try_new(seats.clone(), 1).expect("room");
    thread::spawn(move || drop(permit)).join().expect("it drops");
    assert_eq!(seats.get(), 0);
    assert_eq!(Arc::strong_count(&seats), 1);
}

#[test]
fn a_forgotten_permit_keeps_its_amount_out() {
    let seats = LimitedCounter::new(1);
    std::mem::forget(Permit::try_new(&seats, 1));
    assert!(Permit::try_new(&seats, 1).is_none());
    seats.sub(1);
    assert!(Permit::try_new(&seats, 1).is_some());
}

#[test]
fn a_refused_resize_changes_nothing() {
    let bytes = LimitedCounter::new(10);
    let mut permit = Permit::try_new(&bytes, 8).expect("room");
    assert!(!permit.try_resize(11));
    assert!(!permit.try_resize(u64::MAX));
    assert_eq!((permit.amount(), bytes.get()), (8, 8));
    assert!(permit.try_resize(10));
    assert!(permit.try_resize(0));
    assert_eq!((permit.amount(), bytes.get()), (0, 0));
}
