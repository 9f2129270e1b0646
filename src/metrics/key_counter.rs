use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};

use metrics::{CounterFn, Key, Recorder};
use parking_lot::Mutex;

use super::origin::Origin;
use crate::maps::Hashed;
use crate::{Counter, ShardedCounter};

/// A counter is forgotten after this many flushes without a use.
const IDLE_FLUSHES: u8 = 2;

/// The counter of one key, and how much of it the inner recorder has.
///
/// There can be one for each of 100,000 label values, so it is kept small.
pub(super) struct KeyCounter {
    pub(super) key: Key,
    origin: Arc<Origin>,
    total: ShardedCounter,
    /// The part of the total that the inner recorder has. Only used by the thread that hands on.
    handed_on: AtomicU64,
    handing_on: Mutex<()>,
    /// How many flushes in a row have found nothing to hand on. Written by the thread that hands on.
    idle: AtomicU8,
    /// Whether there was an `absolute`. Each one holds the lock: two that read the same total would
    /// both add the difference.
    absolute: Mutex<bool>,
}

impl KeyCounter {
    pub(super) fn new(key: &Key, origin: Arc<Origin>) -> Self {
        Self {
            key: key.clone(),
            origin,
            total: ShardedCounter::new(),
            handed_on: AtomicU64::new(0),
            handing_on: Mutex::new(()),
            idle: AtomicU8::new(0),
            absolute: Mutex::new(false),
        }
    }

    /// Adds to the inner counter what was counted since the last call, if anything was.
    ///
    /// It is an `increment` of the difference, because recorders disagree on what `absolute` means:
    /// some ignore it, and some add up totals.
    pub(super) fn hand_on(&self, inner: &impl Recorder) {
        // Held until the inner counter has it. Another flush that then finds nothing may return.
        let _handing_on = self.handing_on.lock();
        let total = self.total.get();
        let difference = total.wrapping_sub(self.handed_on.load(Relaxed));
        if difference == 0 {
            self.idle.store(self.idle.load(Relaxed).saturating_add(1), Relaxed);
            return;
        }
        // Registered each time: a recorder that has forgotten the idle counter would not show what is
        // added by a former handle.
        inner.register_counter(&self.key, &self.origin.metadata()).increment(difference);
        // After the increment, so that the next flush tries again if the recorder panics.
        self.handed_on.store(total, Relaxed);
        self.idle.store(0, Relaxed);
    }

    /// Whether the last flushes have found nothing to hand on.
    pub(super) fn is_idle(&self) -> bool {
        self.idle.load(Relaxed) >= IDLE_FLUSHES
    }

    /// Whether the counter can be forgotten: it is idle, the inner recorder has all of it, and no
    /// thread can add to it any more.
    ///
    /// The caller holds the lock under which new references are made. A counter with an `absolute`
    /// stays, because it must know its total.
    pub(super) fn is_over(self: &mut Arc<Self>) -> bool {
        // Without a wait for `handing_on`: a flush that holds it calls the inner recorder, which may
        // wait for the caller's lock. That flush has a reference, so this one is not the only one.
        let Some(counter) = Arc::get_mut(self) else { return false };
        let handed_on = *counter.handed_on.get_mut();
        counter.is_idle() && !*counter.absolute.get_mut() && counter.total.get() == handed_on
    }
}

impl Hashed for KeyCounter {
    fn hash(&self) -> u64 {
        self.key.get_hash()
    }
}

impl CounterFn for KeyCounter {
    fn increment(&self, value: u64) {
        self.total.add(value);
    }

    fn absolute(&self, value: u64) {
        let mut absolute = self.absolute.lock();
        *absolute = true;
        let missing = value.saturating_sub(self.total.get());
        self.total.add(missing);
    }
}
