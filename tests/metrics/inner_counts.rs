use std::sync::atomic::{
    AtomicBool, AtomicUsize,
    Ordering::{AcqRel, Acquire, Release},
};
use std::sync::{Arc, OnceLock, Weak};
use std::thread;

use hotcount::metrics::Sharded;
use metrics::{Key, Metadata, Recorder, counter, with_local_recorder};

use super::spy::{OnRegister, Spy, wait_until};

const NAMES: [&str; 2] = ["a", "b"];

fn count_each(recorder: &(dyn Recorder + Send + Sync)) {
    with_local_recorder(recorder, || {
        NAMES.into_iter().for_each(|name| counter!(name).increment(1));
    });
}

/// A flush hands a counter on. The inner recorder then counts under new keys of all shards, until
/// another flush has looked for counters that it can forget.
#[test]
fn two_flushes_end_though_the_inner_recorder_counts() {
    let spy = Spy::default();
    let outer = Arc::new(OnceLock::<Weak<dyn Recorder + Send + Sync>>::new());
    let handed_on = Arc::new(AtomicUsize::new(3)); // past all steps until the flushes
    let has_forgotten = Arc::new(AtomicBool::new(false));

    let (inner, hook) = (spy.clone(), outer.clone());
    let (calls, is_done) = (handed_on.clone(), has_forgotten.clone());
    let count_new_keys_until_done = move || {
        let recorder = hook.get().and_then(Weak::upgrade).expect("it is in use");
        let new_keys = AtomicUsize::new(0);
        wait_until(|| {
            let name = format!("new {}", new_keys.fetch_add(1, AcqRel));
            with_local_recorder(&recorder, || counter!(name).increment(1));
            is_done.load(Acquire)
        });
    };
    let sharded = Arc::new(Sharded::new(OnRegister(move |key: &Key, metadata: &Metadata<'_>| {
        if NAMES.contains(&key.name()) {
            match calls.fetch_add(1, AcqRel) + 1 {
                // The first flush, at its last counter: it waits for the second flush.
                2 => wait_until(|| calls.load(Acquire) > 2),
                // The second flush, at the counter that the first flush has already handed on.
                3 => count_new_keys_until_done(),
                _ => (),
            }
        }
        inner.register_counter(key, metadata)
    })));

    let (first, second) = (sharded.flush_handle(), sharded.flush_handle());
    let recorder: Arc<dyn Recorder + Send + Sync> = sharded;
    outer.set(Arc::downgrade(&recorder)).expect("it is set once");
    count_each(&recorder);
    handed_on.store(0, Release);
    let first = thread::spawn(move || {
        first.flush();
        has_forgotten.store(true, Release);
    });
    wait_until(|| handed_on.load(Acquire) == 2);
    count_each(&recorder);
    let second = thread::spawn(move || second.flush());
    wait_until(|| first.is_finished() && second.is_finished());
    first.join().expect("the first flush ends");
    second.join().expect("the second flush ends");
    assert_eq!(NAMES.map(|name| spy.value(name)), [Some(2); 2]);
}
