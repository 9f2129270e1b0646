use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{
    AtomicU64,
    Ordering::{AcqRel, Acquire},
};
use std::thread;

use hotcount::metrics::Sharded;
use metrics::{Key, Metadata, Recorder, counter, with_local_recorder};

use super::spy::{OnRegister, Spy, spied};

#[test]
fn a_key_registered_twice_is_one_counter_in_every_thread() {
    let (spy, sharded) = spied();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                with_local_recorder(&sharded, || {
                    for _ in 0..1_000 {
                        counter!("hits").increment(1);
                    }
                });
            });
        }
    });
    sharded.flush_handle().flush();
    assert_eq!(spy.value("hits"), Some(4_000));
    assert_eq!(spy.counters.lock().unwrap().len(), 1);
}

#[test]
fn two_recorders_in_one_thread_do_not_share_their_counters() {
    let (first_spy, first) = spied();
    let (second_spy, second) = spied();
    for _ in 0..3 {
        with_local_recorder(&first, || counter!("hits").increment(1));
        with_local_recorder(&second, || counter!("hits").increment(10));
    }
    first.flush_handle().flush();
    second.flush_handle().flush();
    assert_eq!((first_spy.value("hits"), second_spy.value("hits")), (Some(3), Some(30)));
}

#[test]
fn a_counter_counts_while_its_thread_ends() {
    struct CountsWhenDropped(Arc<Sharded<Spy>>);
    impl Drop for CountsWhenDropped {
        fn drop(&mut self) {
            with_local_recorder(&*self.0, || counter!("late").increment(1));
        }
    }
    thread_local! {
        static LATE: RefCell<Option<CountsWhenDropped>> = const { RefCell::new(None) };
    }
    let (spy, sharded) = spied();
    let sharded = Arc::new(sharded);
    let theirs = sharded.clone();
    let ending = thread::spawn(move || {
        LATE.with(|late| late.replace(Some(CountsWhenDropped(theirs.clone()))));
        with_local_recorder(&*theirs, || counter!("late").increment(10));
    });
    ending.join().unwrap();
    sharded.flush_handle().flush();
    assert_eq!(spy.value("late"), Some(11));
}

/// Two threads are inside the inner registration of one key at once.
#[test]
fn a_key_registered_first_by_two_threads_at_once_is_one_counter() {
    let spy = Spy::default();
    let (inner, registering) = (spy.clone(), AtomicU64::new(0));
    let sharded = Sharded::new(OnRegister(move |key: &Key, metadata: &Metadata<'_>| {
        registering.fetch_add(1, AcqRel);
        while registering.load(Acquire) < 2 {
            thread::yield_now();
        }
        inner.register_counter(key, metadata)
    }));
    thread::scope(|scope| {
        for n in [1, 2] {
            let sharded = &sharded;
            scope.spawn(move || with_local_recorder(sharded, || counter!("hits").increment(n)));
        }
    });
    sharded.flush_handle().flush();
    assert_eq!(spy.value("hits"), Some(3));
}
