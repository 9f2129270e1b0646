//! `Sharded` around a recorder that notes what it is told, and around the real exporter.
#![allow(missing_docs)]

use std::collections::HashMap;
use std::sync::atomic::{
    AtomicU64,
    Ordering::{AcqRel, Acquire, Relaxed},
};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use hotcount::metrics::Sharded;
use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, Label, Level, Metadata, Recorder, SharedString, Unit,
    counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
    with_local_recorder,
};
use metrics_exporter_prometheus::PrometheusBuilder;
use metrics_util::MetricKindMask;

/// Notes every call in words, and keeps counters as an exporter does.
#[derive(Clone, Default)]
struct Spy {
    calls: Arc<Mutex<Vec<String>>>,
    counters: Arc<Mutex<HashMap<Key, Arc<AtomicU64>>>>,
}

impl Spy {
    fn note(&self, call: String) {
        self.calls.lock().unwrap().push(call);
    }

    fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    fn value(&self, name: &'static str) -> Option<u64> {
        let counters = self.counters.lock().unwrap();
        counters.get(&Key::from_name(name)).map(|counter| counter.load(Relaxed))
    }
}

impl Recorder for Spy {
    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, text: SharedString) {
        self.note(format!("describe counter {} {unit:?} {text}", key.as_str()));
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, text: SharedString) {
        self.note(format!("describe gauge {} {unit:?} {text}", key.as_str()));
    }

    fn describe_histogram(&self, key: KeyName, unit: Option<Unit>, text: SharedString) {
        self.note(format!("describe histogram {} {unit:?} {text}", key.as_str()));
    }

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        let (target, module) = (metadata.target(), metadata.module_path());
        self.note(format!("counter {key} {target} {:?} {module:?}", metadata.level()));
        Counter::from_arc(self.counters.lock().unwrap().entry(key.clone()).or_default().clone())
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.note(format!("gauge {key}"));
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.note(format!("histogram {key}"));
        Histogram::noop()
    }
}

fn spied() -> (Spy, Sharded<Spy>) {
    let spy = Spy::default();
    (spy.clone(), Sharded::new(spy))
}

#[test]
fn everything_but_counts_passes_through() {
    let (spy, sharded) = spied();
    with_local_recorder(&sharded, || {
        describe_counter!("c", Unit::Bytes, "how many");
        describe_gauge!("g", "how full");
        describe_histogram!("h", Unit::Seconds, "how long");
        gauge!("g", "room" => "1").set(1.0);
        histogram!("h").record(1.0);
    });
    let expected = [
        "describe counter c Some(Bytes) how many",
        "describe gauge g None how full",
        "describe histogram h Some(Seconds) how long",
        "gauge Key(g, [room = 1])",
        "histogram Key(h)",
    ];
    assert_eq!(spy.calls(), expected);
}

#[test]
fn labels_and_metadata_arrive_when_registered_and_when_flushed() {
    let (spy, sharded) = spied();
    let flush = sharded.flush_handle();
    let key = Key::from_parts("hits", vec![Label::new("path", "/")]);
    let metadata = Metadata::new("web", Level::DEBUG, Some("web::pages"));
    sharded.register_counter(&key, &metadata).increment(1);
    flush.flush();
    let told = r#"counter Key(hits, [path = /]) web Level(Debug) Some("web::pages")"#;
    assert_eq!(spy.calls(), [told, told]);
    assert_eq!(spy.counters.lock().unwrap()[&key].load(Relaxed), 1);
}

#[test]
fn a_flush_touches_only_what_has_changed() {
    let (spy, sharded) = spied();
    let flush = sharded.flush_handle();
    let [a, b] = ["a", "b"].map(|name| {
        sharded.register_counter(&Key::from_name(name), &Metadata::new("", Level::INFO, None))
    });
    assert_eq!((spy.value("a"), spy.value("b")), (Some(0), Some(0)), "they show as 0");
    a.increment(2);
    spy.calls();
    flush.flush();
    assert_eq!(spy.calls(), ["counter Key(a)  Level(Info) None"]);
    b.increment(3);
    flush.flush();
    assert_eq!(spy.calls(), ["counter Key(b)  Level(Info) None"]);
    flush.flush();
    assert_eq!(spy.calls(), [""; 0]);
    assert_eq!((spy.value("a"), spy.value("b")), (Some(2), Some(3)));
}

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
fn flushes_beside_increments_lose_and_double_nothing() {
    let (spy, sharded) = spied();
    let flush = sharded.flush_handle();
    thread::scope(|scope| {
        let adding = [(); 2].map(|()| {
            scope.spawn(|| {
                with_local_recorder(&sharded, || {
                    let kept = counter!("hits");
                    for _ in 0..50_000 {
                        kept.increment(1);
                        counter!("hits").increment(2);
                    }
                });
            })
        });
        let mut last = 0;
        while !adding.iter().all(thread::ScopedJoinHandle::is_finished) {
            let [one, two] =
                [(); 2].map(|()| flush.clone()).map(|f| scope.spawn(move || f.flush()));
            one.join().unwrap();
            two.join().unwrap();
            let now = spy.value("hits").unwrap_or(0);
            assert!((last..=300_000).contains(&now), "{now} after {last}");
            last = now;
        }
    });
    flush.flush();
    assert_eq!(spy.value("hits"), Some(300_000));
}

#[test]
fn absolute_raises_and_never_lowers() {
    let (spy, sharded) = spied();
    let handle =
        sharded.register_counter(&Key::from_name("n"), &Metadata::new("", Level::INFO, None));
    let now = || {
        sharded.flush_handle().flush();
        spy.value("n").unwrap()
    };
    handle.absolute(5);
    assert_eq!(now(), 5);
    handle.absolute(3);
    assert_eq!(now(), 5);
    handle.increment(1);
    handle.absolute(10);
    handle.absolute(10);
    assert_eq!(now(), 10);
    let arrived = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for value in 11..=3_000 {
                    arrived.fetch_add(1, AcqRel);
                    while arrived.load(Acquire) < 2 * (value - 10) {
                        std::hint::spin_loop();
                    }
                    handle.absolute(value);
                }
            });
        }
    });
    assert_eq!(now(), 3_000, "no two of them raise for the same difference");
    handle.absolute(10);
    handle.increment(1);
    assert_eq!(now(), 3_001, "a lower value adds nothing");
}

#[test]
fn a_counter_that_the_exporter_forgot_comes_back_with_its_total() {
    let recorder = PrometheusBuilder::new()
        .idle_timeout(MetricKindMask::COUNTER, Some(Duration::from_millis(20)))
        .build_recorder();
    let exporter = recorder.handle();
    let sharded = Sharded::new(recorder);
    let flush = sharded.flush_handle();
    let kept = with_local_recorder(&sharded, || counter!("rare_total"));
    kept.increment(7);
    flush.flush();
    assert!(exporter.render().contains("rare_total 7"));
    for waited in 0.. {
        flush.flush(); // tells nothing, so it stays idle
        if !exporter.render().contains("rare_total") {
            break;
        }
        assert!(waited < 2_000, "after ten seconds it is not idle yet");
        thread::sleep(Duration::from_millis(5));
    }
    kept.increment(1);
    flush.flush();
    assert!(exporter.render().contains("rare_total 8"), "{}", exporter.render());
}

#[test]
fn a_thread_flushes_every_interval_while_the_recorder_lives() {
    let (spy, sharded) = spied();
    let flush = sharded.flush_handle();
    flush.every(Duration::from_millis(1));
    with_local_recorder(&sharded, || counter!("hits").increment(4));
    while spy.value("hits") != Some(4) {
        thread::yield_now();
    }
    with_local_recorder(&sharded, || counter!("hits").increment(3));
    while spy.value("hits") != Some(7) {
        thread::yield_now();
    }
    let alive = Arc::downgrade(&spy.counters);
    drop((spy, sharded, flush));
    while alive.strong_count() > 0 {
        thread::yield_now(); // the thread may be in its last flush
    }
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
        static LATE: std::cell::RefCell<Option<CountsWhenDropped>> =
            const { std::cell::RefCell::new(None) };
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
    #[derive(Default)]
    struct Meeting {
        spy: Spy,
        calls: AtomicU64,
    }
    impl Recorder for Meeting {
        fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
            self.calls.fetch_add(1, AcqRel);
            while self.calls.load(Acquire) < 2 {
                thread::yield_now();
            }
            self.spy.register_counter(key, metadata)
        }
        fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
            Gauge::noop()
        }
        fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
            Histogram::noop()
        }
    }
    let meeting = Meeting::default();
    let spy = meeting.spy.clone();
    let sharded = Sharded::new(meeting);
    thread::scope(|scope| {
        for n in [1, 2] {
            let sharded = &sharded;
            scope.spawn(move || with_local_recorder(sharded, || counter!("hits").increment(n)));
        }
    });
    sharded.flush_handle().flush();
    assert_eq!(spy.value("hits"), Some(3));
}

/// A recorder may itself count what it is asked.
#[test]
fn an_inner_recorder_may_count_through_the_facade() {
    struct Counts(Spy);
    impl Recorder for Counts {
        fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
            if key.name() != "registrations" {
                counter!("registrations").increment(1);
            }
            self.0.register_counter(key, metadata)
        }
        fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
            Gauge::noop()
        }
        fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
            Histogram::noop()
        }
    }
    let spy = Spy::default();
    let sharded = Sharded::new(Counts(spy.clone()));
    let flush = sharded.flush_handle();
    with_local_recorder(&sharded, || {
        counter!("hits").increment(1);
        flush.flush(); // registers `hits` once more
        flush.flush();
    });
    assert_eq!((spy.value("hits"), spy.value("registrations")), (Some(1), Some(2)));
}
