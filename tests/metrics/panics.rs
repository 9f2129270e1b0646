use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{
    AtomicBool,
    Ordering::{Acquire, Release},
};
use std::time::Duration;

use hotcount::metrics::Sharded;
use metrics::{Counter, CounterFn, Key, Metadata, Recorder, counter, with_local_recorder};

use super::spy::{OnRegister, Spy, wait_until};

/// A recorder that panics for the counter `bad` while it is `broken`.
fn fragile(broken: &Arc<AtomicBool>) -> (Spy, Sharded<impl Recorder + Send + Sync + 'static>) {
    let (spy, broken) = (Spy::default(), broken.clone());
    let inner = spy.clone();
    let sharded = Sharded::new(OnRegister(move |key: &Key, metadata: &Metadata<'_>| {
        assert!(!(key.name() == "bad" && broken.load(Acquire)), "registered while broken");
        inner.register_counter(key, metadata)
    }));
    (spy, sharded)
}

const GOOD: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

fn count(sharded: &impl Recorder) {
    with_local_recorder(sharded, || {
        counter!("bad").increment(3);
        GOOD.into_iter().for_each(|name| counter!(name).increment(1));
    });
}

#[test]
fn a_panic_for_one_counter_keeps_no_other_from_the_recorder() {
    let broken = Arc::new(AtomicBool::new(false));
    let (spy, sharded) = fragile(&broken);
    let flush = sharded.flush_handle();
    count(&sharded);
    broken.store(true, Release);
    let panic = catch_unwind(AssertUnwindSafe(|| flush.flush())).expect_err("the caller learns it");
    assert_eq!(panic.downcast_ref(), Some(&"registered while broken"));
    assert_eq!(GOOD.map(|name| spy.value(name)), [Some(1); 8]);
    assert_eq!(spy.value("bad"), Some(0));
    broken.store(false, Release);
    flush.flush();
    assert_eq!(spy.value("bad"), Some(3), "the next flush hands it on");
    assert_eq!(GOOD.map(|name| spy.value(name)), [Some(1); 8], "and nothing twice");
}

#[test]
fn a_panic_in_an_increment_is_tried_again() {
    struct PanicsOnce(Arc<AtomicBool>, Counter);
    impl CounterFn for PanicsOnce {
        fn increment(&self, value: u64) {
            assert!(self.0.swap(true, Release), "the first time");
            self.1.increment(value);
        }
        fn absolute(&self, _: u64) {}
    }
    let spy = Spy::default();
    let (inner, panicked) = (spy.clone(), Arc::new(AtomicBool::new(false)));
    let sharded = Sharded::new(OnRegister(move |key: &Key, metadata: &Metadata<'_>| {
        let counter = inner.register_counter(key, metadata);
        Counter::from_arc(Arc::new(PanicsOnce(panicked.clone(), counter)))
    }));
    let flush = sharded.flush_handle();
    with_local_recorder(&sharded, || counter!("hits").increment(5));
    assert!(catch_unwind(AssertUnwindSafe(|| flush.flush())).is_err());
    flush.flush();
    flush.flush();
    assert_eq!(spy.value("hits"), Some(5));
}

#[test]
fn the_flushing_thread_outlives_a_panic() {
    let broken = Arc::new(AtomicBool::new(false));
    let (spy, sharded) = fragile(&broken);
    count(&sharded);
    broken.store(true, Release);
    sharded.flush_handle().every(Duration::from_millis(1)).expect("a thread starts");
    wait_until(|| spy.value("h") == Some(1));
    count(&sharded);
    wait_until(|| spy.value("h") == Some(2));
    broken.store(false, Release);
    wait_until(|| spy.value("bad") == Some(6));
}
