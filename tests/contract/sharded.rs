//! What `ShardedCounter` alone does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use hotcount::{Counter, ShardedCounter};

#[test]
fn bounds_enclose_the_total_and_meet_when_it_is_quiet() {
    let counter = ShardedCounter::from(5);
    assert_eq!(counter.bounds(), 5..=5);
    thread::scope(|scope| {
        let adding = scope.spawn(|| (0..100_000).for_each(|_| counter.increment()));
        while !adding.is_finished() {
            let before = counter.get();
            let bounds = counter.bounds();
            let after = counter.get();
            assert!(before <= *bounds.start(), "{before} {bounds:?}");
            assert!(bounds.start() <= bounds.end(), "{bounds:?}");
            assert!(*bounds.end() <= after, "{bounds:?} {after}");
        }
    });
    assert_eq!(counter.bounds(), 100_005..=100_005);
}

#[test]
fn an_addition_while_a_thread_unwinds_is_counted() {
    struct CountsWhenDropped<'a>(&'a ShardedCounter);
    impl Drop for CountsWhenDropped<'_> {
        fn drop(&mut self) {
            self.0.increment();
        }
    }
    let counter = ShardedCounter::new();
    let unwound = catch_unwind(AssertUnwindSafe(|| {
        let _counts = CountsWhenDropped(&counter);
        panic!("on purpose");
    }));
    assert!(unwound.is_err());
    assert_eq!(counter.get(), 1);
}
