use std::sync::Arc;
use std::time::Duration;
use std::{fmt, thread};

/// Hands what was counted to the recorder inside a [`Sharded`](super::Sharded).
///
/// Made by [`Sharded::flush_handle`](super::Sharded::flush_handle). Clones flush the same recorder.
#[derive(Clone)]
pub struct FlushHandle {
    pub(super) recorder: Arc<dyn Flush>,
}

/// A recorder with its type forgotten.
pub(super) trait Flush: Send + Sync {
    fn flush(&self);
}

impl FlushHandle {
    /// Raises the inner recorder's counters to the totals here, those that have changed.
    ///
    /// Call it before each scrape. All that was counted before is there afterwards; what is counted
    /// meanwhile is there now or after the next flush, and never twice. It costs a read of every
    /// counter, and a registration with the inner recorder for each that has changed. Flush once more
    /// when the program ends. The inner recorder may count meanwhile, but must not flush.
    pub fn flush(&self) {
        self.recorder.flush();
    }

    /// Flushes every `interval` from a thread of its own, as long as the recorder is in use: for
    /// exporters that serve or push by themselves.
    ///
    /// # Panics
    ///
    /// As [`std::thread::spawn`] does, if the system cannot start a thread. A panic of the inner
    /// recorder ends the flushing thread.
    pub fn every(&self, interval: Duration) {
        let recorder = Arc::downgrade(&self.recorder);
        thread::spawn(move || {
            loop {
                thread::sleep(interval);
                match recorder.upgrade() {
                    Some(recorder) => recorder.flush(),
                    None => break,
                }
            }
        });
    }
}

impl fmt::Debug for FlushHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlushHandle").finish_non_exhaustive()
    }
}
