use std::sync::{Arc, Barrier, OnceLock, Weak};
use std::thread;

use hotcount::metrics::Sharded;
use metrics::{Counter, Key, Metadata, Recorder, counter, with_local_recorder};

use super::spy::{OnRegister, Spy, spied};

/// Runs in a thread of its own, which keeps no handle when it has ended.
fn in_a_thread<T: Send>(sharded: &Sharded<Spy>, run: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        scope.spawn(|| with_local_recorder(sharded, run)).join().expect("the thread ends")
    })
}

#[test]
fn a_counter_is_forgotten_after_two_flushes_without_a_change_and_counts_on() {
    let (spy, sharded) = spied();
    let flush = sharded.flush_handle();
    let count = || in_a_thread(&sharded, || counter!("rare").increment(2));
    let registrations = || spy.calls().len();
    for round in 1..=3 {
        count();
        flush.flush();
        assert_eq!(registrations(), 2, "when it is counted, and when it is handed on");
        flush.flush();
        count();
        flush.flush();
        assert_eq!(registrations(), 1, "after one flush without a change it is known");
        flush.flush();
        flush.flush();
        assert_eq!((registrations(), spy.value("rare")), (0, Some(4 * round)));
    }
}

#[test]
fn a_counter_is_forgotten_though_an_idle_thread_has_used_it() {
    let (spy, sharded) = spied();
    let flush = sharded.flush_handle();
    let (counted, done) = (Barrier::new(2), Barrier::new(2));
    let registrations = thread::scope(|scope| {
        scope.spawn(|| {
            with_local_recorder(&sharded, || counter!("rare").increment(2));
            counted.wait();
            done.wait();
        });
        counted.wait();
        (0..3).for_each(|_| flush.flush());
        spy.calls();
        in_a_thread(&sharded, || counter!("rare").increment(1));
        done.wait();
        spy.calls().len()
    });
    assert_eq!(registrations, 1, "the next use makes it again");
    flush.flush();
    assert_eq!(spy.value("rare"), Some(3));
}

#[test]
fn a_counter_that_no_thread_keeps_is_known_until_it_is_idle() {
    let (spy, sharded) = spied();
    let flush = sharded.flush_handle();
    let registrations_at_next_use = || {
        spy.calls();
        counter!("further").increment(1);
        spy.calls().len()
    };
    with_local_recorder(&sharded, || {
        // As many as the map of a thread keeps.
        (0..4096).for_each(|key| counter!(format!("{key}")).increment(1));
        counter!("further").increment(1);
        for idle_flushes in [0, 1] {
            (0..=idle_flushes).for_each(|_| flush.flush());
            assert_eq!(registrations_at_next_use(), 0);
        }
        (0..3).for_each(|_| flush.flush());
        assert_eq!(registrations_at_next_use(), 1);
    });
}

#[test]
fn a_counter_with_a_handle_is_not_forgotten() {
    let (spy, sharded) = spied();
    let flush = sharded.flush_handle();
    let kept: Counter = in_a_thread(&sharded, || counter!("kept"));
    for total in 1..=3 {
        (0..5).for_each(|_| flush.flush());
        kept.increment(1);
        flush.flush();
        assert_eq!(spy.value("kept"), Some(total));
    }
}

#[test]
fn a_counter_set_by_absolute_is_not_forgotten() {
    let (spy, sharded) = spied();
    let flush = sharded.flush_handle();
    for total in [5, 5, 7] {
        in_a_thread(&sharded, || counter!("total").absolute(total));
        (0..5).for_each(|_| flush.flush());
        assert_eq!(spy.value("total"), Some(total));
    }
}

#[test]
fn nothing_is_lost_beside_threads_that_end_and_counters_that_are_forgotten() {
    const NAMES: [&str; 3] = ["a", "b", "c"];
    let (spy, sharded) = spied();
    let flush = sharded.flush_handle();
    thread::scope(|scope| {
        let counting = [(); 2].map(|()| {
            scope.spawn(|| {
                for round in 0..400 {
                    let name = NAMES[round % 3];
                    in_a_thread(&sharded, || {
                        counter!(name).increment(1);
                        thread::yield_now();
                        counter!(name).increment(2);
                    });
                }
            })
        });
        while !counting.iter().all(thread::ScopedJoinHandle::is_finished) {
            flush.flush();
        }
    });
    flush.flush();
    let totals = NAMES.map(|name| spy.value(name).expect("it was counted"));
    assert_eq!(totals.iter().sum::<u64>(), 2 * 400 * 3);
}

/// A flush that has found some counters idle meets one that has changed. While the inner recorder
/// registers that one, a thread counts under all of them, and ends.
#[test]
fn an_addition_between_a_look_at_a_counter_and_its_end_is_not_lost() {
    const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];
    type AnyRecorder = Arc<dyn Recorder + Send + Sync>;
    let (spy, outer) =
        (Spy::default(), Arc::new(OnceLock::<Weak<dyn Recorder + Send + Sync>>::new()));
    let (inner, hook) = (spy.clone(), outer.clone());
    let count_each = |recorder: AnyRecorder| {
        let count = move || {
            with_local_recorder(&recorder, || {
                NAMES.into_iter().for_each(|name| counter!(name).increment(1));
            });
        };
        thread::spawn(count).join().expect("it counts");
    };
    let sharded = Arc::new(Sharded::new(OnRegister(move |key: &Key, metadata: &Metadata<'_>| {
        if key.name() == "changed" {
            hook.get().and_then(Weak::upgrade).into_iter().for_each(count_each);
        }
        inner.register_counter(key, metadata)
    })));
    let flush = sharded.flush_handle();
    let recorder: AnyRecorder = sharded;
    count_each(recorder.clone());
    let changed = with_local_recorder(&recorder, || counter!("changed"));
    (0..2).for_each(|_| flush.flush());
    outer.set(Arc::downgrade(&recorder)).expect("it is set once");
    changed.increment(1);
    (0..2).for_each(|_| flush.flush());
    assert_eq!(NAMES.map(|name| spy.value(name)), [Some(2); 8]);
}
