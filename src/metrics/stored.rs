use metrics::{CounterFn, Key, Level, Metadata, Recorder};
use parking_lot::Mutex;

use crate::{Counter, ShardedCounter};

/// One of the facade's counters: what was counted, and what the inner recorder has been told.
pub(super) struct Stored {
    key: Key,
    target: String,
    level: Level,
    module_path: Option<String>,
    count: ShardedCounter,
    /// One `absolute` at a time: two that both saw a lower count would both raise it.
    raising: Mutex<()>,
    told: Mutex<u64>,
}

impl Stored {
    pub(super) fn new(key: &Key, metadata: &Metadata<'_>) -> Self {
        Self {
            key: key.clone(),
            target: metadata.target().to_owned(),
            level: *metadata.level(),
            module_path: metadata.module_path().map(str::to_owned),
            count: ShardedCounter::new(),
            raising: Mutex::new(()),
            told: Mutex::new(0),
        }
    }

    /// Tells `inner` the total if it has changed.
    ///
    /// The inner counter is asked for anew each time: a recorder may forget one that was idle, and
    /// what a kept handle is told then is seen by nobody.
    pub(super) fn tell(&self, inner: &impl Recorder) {
        let mut told = self.told.lock();
        let total = self.count.get();
        if total != *told {
            let module_path = self.module_path.as_deref();
            let metadata = Metadata::new(&self.target, self.level, module_path);
            inner.register_counter(&self.key, &metadata).absolute(total);
            *told = total;
        }
    }
}

impl CounterFn for Stored {
    fn increment(&self, value: u64) {
        self.count.add(value);
    }

    fn absolute(&self, value: u64) {
        let _raising = self.raising.lock();
        let missing = value.saturating_sub(self.count.get());
        self.count.add(missing);
    }
}
