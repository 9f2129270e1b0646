use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io, thread};

/// Hands what was counted on to the recorder inside a [`Sharded`](super::Sharded).
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
    /// Adds to the inner recorder's counters what was counted since the last flush.
    ///
    /// Call it before each scrape, and once more when the program ends. Afterwards the inner recorder
    /// has all that was counted before the call. What is counted during the call is handed on by this
    /// flush or by the next, never twice.
    ///
    /// It costs a read of every counter, and for each counter that has changed a registration and an
    /// increment in the inner recorder. The inner recorder may count meanwhile, but must not flush.
    ///
    /// # Panics
    ///
    /// If the inner recorder panics. All other counters are handed on first. The next flush tries the
    /// counter again whose registration or increment panicked.
    pub fn flush(&self) {
        self.recorder.flush();
    }

    /// Starts a thread that flushes every `interval`, as long as the recorder is in use.
    ///
    /// For exporters that serve or push on their own. What they show is then up to `interval` old.
    /// If the inner recorder panics, the panic hook reports it from the thread `hotcount-flush`, and
    /// the thread goes on with its next flush.
    ///
    /// # Errors
    ///
    /// If the system cannot start a thread, as
    /// [`thread::Builder::spawn`](std::thread::Builder::spawn).
    pub fn every(&self, interval: Duration) -> io::Result<()> {
        let recorder = Arc::downgrade(&self.recorder);
        let flush_while_in_use = move || {
            loop {
                thread::sleep(interval);
                let Some(recorder) = recorder.upgrade() else { break };
                // The panic hook has reported the panic. The next flush tries again.
                let _ = catch_unwind(AssertUnwindSafe(|| recorder.flush()));
            }
        };
        thread::Builder::new().name("hotcount-flush".into()).spawn(flush_while_in_use)?;
        Ok(())
    }
}

impl fmt::Debug for FlushHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlushHandle").finish_non_exhaustive()
    }
}
