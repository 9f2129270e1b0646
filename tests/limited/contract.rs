use std::panic::RefUnwindSafe;
use std::sync::mpsc;
use std::thread;

use hotcount::LimitedCounter;

#[test]
fn it_is_const_and_goes_wherever_a_static_goes() {
    static SEATS: LimitedCounter = LimitedCounter::new(1);
    fn goes_anywhere<T: Send + Sync + RefUnwindSafe + 'static>(_: &T) {}
    goes_anywhere(&SEATS);
    assert!(SEATS.try_add(1));
    assert_eq!(format!("{SEATS:>3}"), "  1");
    assert_eq!(format!("{SEATS:?}"), "LimitedCounter { count: 1, limit: 1 }");
}

#[test]
#[cfg(target_pointer_width = "64")]
fn it_is_as_small_as_its_docs_say() {
    assert_eq!(size_of::<LimitedCounter>(), 80);
}

#[test]
fn a_limit_of_zero_grants_nothing() {
    let closed = LimitedCounter::new(0);
    assert!(!closed.try_add(1));
    assert!(!closed.try_change(2, 1));
    assert!(closed.try_add(0));
    assert_eq!((closed.get(), closed.limit()), (0, 0));
}

#[test]
fn the_largest_limit_is_one_like_others() {
    let bytes = LimitedCounter::new(u64::MAX);
    assert!(bytes.try_add(u64::MAX));
    assert_eq!(bytes.get(), u64::MAX);
    assert!(!bytes.try_add(1));
    assert!(!bytes.try_add(u64::MAX));
    bytes.sub(u64::MAX);
    assert!(bytes.try_add(1));
    assert!(!bytes.try_add(u64::MAX));
    assert_eq!(bytes.get(), 1);
}

#[test]
fn more_given_back_than_was_out_never_panics() {
    let seats = LimitedCounter::new(1);
    (0..3).for_each(|_| seats.sub(u64::MAX));
    assert_eq!(seats.get(), 0);
    assert!((0..3).all(|_| seats.try_add(u64::MAX)));
    assert_eq!(seats.get(), 0);
    assert!(seats.try_add(1));
    assert!(!seats.try_add(1));
    assert_eq!(seats.get(), 1);
}

#[test]
fn below_a_lowered_limit_is_granted_again() {
    let connections = LimitedCounter::new(10);
    assert!(connections.try_add(10));
    connections.set_limit(3);
    assert_eq!((connections.get(), connections.limit()), (10, 3));
    for left in (4..10).rev() {
        assert!(!connections.try_add(1));
        assert!(connections.try_change(1, 2), "a change that shrinks is granted");
        assert_eq!(connections.get(), left);
    }
    connections.sub(2);
    assert!(connections.try_add(1));
    assert!(!connections.try_add(1));
}

/// A connection that is closed when its thread's locals are destroyed.
struct Connection(&'static LimitedCounter, mpsc::Sender<bool>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.sub(1);
        let again = self.0.try_add(1);
        self.1.send(again).expect("the test waits");
    }
}

#[test]
fn it_works_in_the_destructors_of_thread_locals() {
    static SEATS: LimitedCounter = LimitedCounter::new(1);
    thread_local! {
        static CONNECTION: std::cell::RefCell<Option<Connection>> =
            const { std::cell::RefCell::new(None) };
    }
    let (told, tells) = mpsc::channel();
    let thread = thread::spawn(move || {
        assert!(SEATS.try_add(1));
        CONNECTION.set(Some(Connection(&SEATS, told)));
    });
    thread.join().expect("it ends");
    assert!(tells.recv().expect("the destructor has run"));
    assert_eq!(SEATS.get(), 1);
}
