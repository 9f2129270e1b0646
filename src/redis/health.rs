use std::time::{Duration, Instant};

use super::error::Error;

/// The successes and failures of a background thread that talks to the store. A program can log or
/// export them. An *attempt* is a round of a publisher, or a fetch of a block of tickets.
///
/// # Examples
///
/// ```no_run
/// use hotcount::redis::Publisher;
///
/// let publisher = Publisher::connect("redis://127.0.0.1:6379/", "web")?;
/// let health = publisher.health();
/// if let (Some(since), Some(error)) = (health.failing_since, health.last_error) {
///     eprintln!("the store has failed for {:?}: {error}", since.elapsed());
/// }
/// # Ok::<(), hotcount::redis::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Health {
    /// The number of attempts that succeeded.
    pub successes: u64,
    /// The number of attempts that failed, as a whole or for some keys.
    pub failures: u64,
    /// When the last attempt succeeded.
    pub last_success: Option<Instant>,
    /// When the first attempt after [`last_success`](Self::last_success) failed. `None` while the
    /// store works.
    pub failing_since: Option<Instant>,
    /// The last error. It stays after the store works again.
    pub last_error: Option<Error>,
}

impl Health {
    pub(super) fn succeeded(&mut self) {
        self.successes += 1;
        self.last_success = Some(Instant::now());
        self.failing_since = None;
    }

    pub(super) fn failed(&mut self, error: Error) {
        self.failures += 1;
        self.failing_since.get_or_insert_with(Instant::now);
        self.last_error = Some(error);
    }

    /// Why an answer is late after a wait.
    pub(super) fn late(&self, waited: Duration) -> Error {
        let error = self.failing_since.and(self.last_error.clone());
        error.unwrap_or_else(|| Error::timed_out(waited))
    }
}
