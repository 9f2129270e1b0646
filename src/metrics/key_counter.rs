use metrics::{CounterFn, Key, Level, Metadata, Recorder};
use parking_lot::Mutex;

use crate::{Counter, ShardedCounter};

/// The counter of one key, and how much of it the inner recorder has.
pub(super) struct KeyCounter {
    key: Key,
    target: String,
    level: Level,
    module_path: Option<String>,
    total: ShardedCounter,
    /// The part of `total` that the inner recorder has.
    handed_on: Mutex<u64>,
    /// Held by an `absolute`: two that read the same total would both add the difference.
    absolute: Mutex<()>,
}

impl KeyCounter {
    pub(super) fn new(key: &Key, metadata: &Metadata<'_>) -> Self {
        Self {
            key: key.clone(),
            target: metadata.target().to_owned(),
            level: *metadata.level(),
            module_path: metadata.module_path().map(str::to_owned),
            total: ShardedCounter::new(),
            handed_on: Mutex::new(0),
            absolute: Mutex::new(()),
        }
    }

    /// Adds to the inner counter what was counted since the last call, if anything was.
    ///
    /// It is an `increment` of the difference, because recorders disagree on what `absolute` means:
    /// some ignore it, and some add up totals.
    pub(super) fn hand_on(&self, inner: &impl Recorder) {
        // Locked until the inner counter has it: a flush that finds nothing to do may then return.
        let mut handed_on = self.handed_on.lock();
        let total = self.total.get();
        let difference = total.wrapping_sub(*handed_on);
        if difference != 0 {
            let module_path = self.module_path.as_deref();
            let metadata = Metadata::new(&self.target, self.level, module_path);
            // Registered anew: a recorder may have forgotten an idle counter, and then shows
            // nothing of what a former handle is given.
            inner.register_counter(&self.key, &metadata).increment(difference);
            // Not before: after a panic of the recorder, the next flush tries again.
            *handed_on = total;
        }
    }
}

impl CounterFn for KeyCounter {
    fn increment(&self, value: u64) {
        self.total.add(value);
    }

    fn absolute(&self, value: u64) {
        let _one_at_a_time = self.absolute.lock();
        let missing = value.saturating_sub(self.total.get());
        self.total.add(missing);
    }
}
