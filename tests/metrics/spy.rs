//! A recorder that notes what it is asked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use hotcount::metrics::Sharded;
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

/// Notes every call in words, and keeps counters as an exporter does.
#[derive(Clone, Default)]
pub(crate) struct Spy {
    pub(crate) calls: Arc<Mutex<Vec<String>>>,
    pub(crate) counters: Arc<Mutex<HashMap<Key, Arc<AtomicU64>>>>,
}

impl Spy {
    fn note(&self, call: String) {
        self.calls.lock().unwrap().push(call);
    }

    pub(crate) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    pub(crate) fn value(&self, name: &'static str) -> Option<u64> {
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

pub(crate) fn spied() -> (Spy, Sharded<Spy>) {
    let spy = Spy::default();
    (spy.clone(), Sharded::new(spy))
}

/// A recorder that has counters only, and calls the function for each registration.
pub(crate) struct OnRegister<F>(pub(crate) F);

impl<F: Fn(&Key, &Metadata<'_>) -> Counter> Recorder for OnRegister<F> {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        self.0(key, metadata)
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

/// Waits for something that another thread does, for ten seconds at most.
pub(crate) fn wait_until(happened: impl Fn() -> bool) {
    let start = Instant::now();
    while !happened() {
        assert!(start.elapsed() < Duration::from_secs(10), "it has not happened in ten seconds");
        thread::yield_now();
    }
}
